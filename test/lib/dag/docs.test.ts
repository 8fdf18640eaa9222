import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { Dag } from '#lib/dag/index.ts';
import { DEFAULTS, TRIGGER_RULES } from '#lib/dag/options.ts';
import { dag as branches } from '../../types/branches.ts';
import { dag } from '../../types/example.ts';
import { dag as params } from '../../types/params.ts';
import { dag as sensors } from '../../types/sensors.ts';
import { execute, type Payload, statusesOf } from '../../worlds/machines.ts';

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
  const defaults = Object.entries(dag).map(([name, value]) => [name, `${value}`]);
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
  const taskTypes = readFileSync('docs/task-types.md', 'utf8');
  expect(taskTypes).toContain(`\`\`\`ts\n${example.join('\n\n')}\`\`\``);
  const key = sensors.graph().tasks.find(({ id }) => id === 'file')?.input;
  expect(key).toMatchObject({ key: { $text: ['orders/', { $ref: ['@run', 'date'] }, '.csv'] } });
  expect(taskTypes).toContain('that of the example is `orders/2026-11-19.csv`');
  const [, ...own] = readFileSync('test/types/files-sensor.ts', 'utf8').trimEnd().split('\n\n');
  for (const block of own) expect(docs).toContain(`.ts\n${block}\n\`\`\``);
  expect(sensors.graph().tasks.map(({ sensor }) => sensor?.pokeSeconds)).toEqual([600, 60, 600, 300]);
});

/** Runs the example with these params; the item `b` of its map skips itself. */
const runBranches = (params: { names: string[]; copy: string }) =>
  execute(branches.graph(), {
    params,
    answer: ({ task, input }: Payload) => {
      const { NAME } = (input as { env?: { NAME?: string } }).env ?? {};
      if (NAME === 'b') throw { error: 'Sluice.Skipped', cause: '{}' };
      return task.id === 'send' ? { status: 200, body: null } : { lastLine: `${NAME}` };
    },
  });

test('the examples of maps and branches are in the documentation, and do what it says of them', async () => {
  const [, , map, ...others] = readFileSync('test/types/branches.ts', 'utf8').trimEnd().split('\n\n');
  for (const block of [map, others.join('\n\n')]) expect(docs).toContain(`\`\`\`ts\n${block}\n\`\`\``);

  const some = await runBranches({ names: ['a', 'b', 'c'], copy: 'all' });
  expect(statusesOf(some)).toEqual({
    ...{ sizes: 'success', send: 'success' },
    ...{ all: 'success', new: 'skipped', tidy: 'success' },
  });
  const sent = some.calls.find(({ task }) => task.id === 'send')?.input;
  expect(sent).toMatchObject({ body: { sizes: { $mapped: { task: 'sizes', items: 3, count: 2 } } } });

  const none = await runBranches({ names: ['b', 'b'], copy: 'none' });
  expect(statusesOf(none)).toEqual({
    ...{ sizes: 'skipped', send: 'skipped' },
    ...{ all: 'skipped', new: 'skipped', tidy: 'success' },
  });
  expect(statusesOf(await runBranches({ names: [], copy: 'new' }))).toMatchObject({
    sizes: 'success',
    send: 'success',
  });
});

test('a join that is also a case is skipped with every other case, as the documentation says', async () => {
  const join = new Dag('join', {
    schedule: null,
    startDate: '2026-01-01',
    params: z.object({ on: z.enum(['a', 'b']).default('a') }),
  });
  const a = join.empty('a');
  join.switch(join.params.on, { a, b: join.empty('b', { triggerRule: 'none_failed' }).after(a) });
  const on = (value: string) => execute(join.graph(), { params: { on: value }, answer: () => null });
  expect(statusesOf(await on('a'))).toEqual({ a: 'success', b: 'skipped' });
  expect(statusesOf(await on('b'))).toEqual({ a: 'skipped', b: 'success' });
});
