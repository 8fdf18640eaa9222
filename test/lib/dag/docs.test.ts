import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DEFAULTS, TRIGGER_RULES } from '#lib/dag/options.ts';
import { dag } from '../../dag/example.ts';
import { dag as sensors } from '../../dag/sensors.ts';

const docs = readFileSync('docs/authoring.md', 'utf8');

test('the example of the documentation is a file that compiles, and a DAG without problems', () => {
  const [, ...example] = readFileSync('test/dag/example.ts', 'utf8').split('\n\n');
  expect(docs).toContain(`\`\`\`ts\n${example.join('\n\n').replace('export ', '')}\`\`\``);
  expect(dag.graph().tasks.map(({ id, upstream }) => [id, upstream])).toEqual([
    ['list', []],
    ['extract.issues', ['list']],
    ['extract.members', []],
    ['load', ['extract.issues', 'extract.members']],
    ['report', ['load', 'extract.members']],
  ]);
});

test('the documentation has a row for each trigger rule, and the defaults as they are', () => {
  const rows = [...docs.matchAll(/^\| `(\w+)`/gm)].map(([, rule]) => rule);
  expect(rows).toEqual([...TRIGGER_RULES]);
  const { task, sensor, callback } = DEFAULTS;
  expect(docs).toContain(`\`pokeInterval\` (${sensor.pokeInterval})`);
  expect(docs).toContain(`for \`timeout\` (${sensor.timeout}) over all`);
  expect(docs).toContain(`for \`timeout\` (${callback.timeout}). With`);
  expect(docs).toContain(`\`retries\` (${task.retries}) and \`retryDelay\` (${task.retryDelay}`);
});

test('the examples of sensors are files that compile, and a DAG without problems', () => {
  const [, , ...example] = readFileSync('test/dag/sensors.ts', 'utf8').split('\n\n');
  expect(readFileSync('docs/task-types.md', 'utf8')).toContain(`\`\`\`ts\n${example.join('\n\n')}\`\`\``);
  const [, ...own] = readFileSync('test/dag/files-sensor.ts', 'utf8').trimEnd().split('\n\n');
  for (const block of own) expect(docs).toContain(`.ts\n${block}\n\`\`\``);
  expect(sensors.graph().tasks.map(({ sensor }) => sensor?.pokeSeconds)).toEqual([600, 60, 60, 300]);
});
