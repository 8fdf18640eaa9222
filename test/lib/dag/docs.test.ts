import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DEFAULTS, TRIGGER_RULES } from '#lib/dag/options.ts';
import { dag } from '../../types/example.ts';
import { dag as params } from '../../types/params.ts';
import { dag as sensors } from '../../types/sensors.ts';

const docs = readFileSync('docs/authoring.md', 'utf8');

test('the example of the documentation is a file that compiles, and a DAG without problems', () => {
  const [, ...example] = readFileSync('test/types/example.ts', 'utf8').split('\n\n');
  expect(docs).toContain(`\`\`\`ts\n${example.join('\n\n').replace('export ', '')}\`\`\``);
  expect(dag.graph().tasks.map(({ id, upstream }) => [id, upstream])).toEqual([
    ['list', []],
    ['extract.issues', ['list']],
    ['extract.members', []],
    ['load', ['extract.issues', 'extract.members']],
    ['report', ['load', 'extract.members']],
  ]);
});

const section = (title: string): string => docs.split(/^## /m).find((text) => text.startsWith(title)) ?? '';

test('the documentation has a row for each trigger rule, and the defaults as they are', () => {
  const rules = [...section('Trigger rules').matchAll(/^\| `(\w+)`/gm)].map(([, rule]) => rule);
  expect(rules).toEqual([...TRIGGER_RULES]);
  const { dag, task, sensor, callback } = DEFAULTS;
  const options = [...section('What a DAG is made with').matchAll(/^\| `(\w+)` +\| (\S+) /gm)];
  const { catchup: _, timeZone, ...rest } = dag;
  const defaults = Object.entries({ ...rest, timeZone: `\`'${timeZone}'\`` }).map(([name, value]) => [
    name,
    `${value}`,
  ]);
  expect(options.map(([, ...row]) => row)).toEqual(expect.arrayContaining(defaults));
  expect(docs).toContain(`\`pokeInterval\` (${sensor.pokeInterval})`);
  expect(docs).toContain(`for \`timeout\` (${sensor.timeout}) over all`);
  expect(docs).toContain(`for \`timeout\` (${callback.timeout}). With`);
  expect(docs).toContain(`\`retries\` (${task.retries}) and \`retryDelay\` (${task.retryDelay}`);
});

test('the example of params is a file that compiles, and a DAG without problems', () => {
  const [, ...example] = readFileSync('test/types/params.ts', 'utf8').split('\n\n');
  expect(docs).toContain(`\`\`\`ts\n${example.join('\n\n').replace('export ', '')}\`\`\``);
  expect(params.graph().tasks.map(({ id }) => id)).toEqual(['show']);
});

test('the examples of sensors are files that compile, and a DAG without problems', () => {
  const [, , ...example] = readFileSync('test/types/sensors.ts', 'utf8').split('\n\n');
  expect(readFileSync('docs/task-types.md', 'utf8')).toContain(`\`\`\`ts\n${example.join('\n\n')}\`\`\``);
  const [, ...own] = readFileSync('test/types/files-sensor.ts', 'utf8').trimEnd().split('\n\n');
  for (const block of own) expect(docs).toContain(`.ts\n${block}\n\`\`\``);
  expect(sensors.graph().tasks.map(({ sensor }) => sensor?.pokeSeconds)).toEqual([600, 60, 600, 300]);
});
