import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StepFunctions, VirtualClock } from '#local/stepfunctions/index.ts';
import { sluice } from '../../../worlds/command-line.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sluice-simulate-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function file(...graphs: object[][]): string {
  const path = join(dir, 'graphs.ndjson');
  writeFileSync(path, graphs.map((tasks) => JSON.stringify({ tasks })).join('\n'));
  return path;
}

const crossing = [
  { id: 'a', upstream: [], triggerRule: 'all_success', outcome: 'failed' },
  { id: 'b', upstream: [], triggerRule: 'all_success', outcome: 'success' },
  { id: 'c', upstream: ['a', 'b'], triggerRule: 'one_success', outcome: 'success' },
  { id: 'd', upstream: ['b'], triggerRule: 'all_success', outcome: 'skipped' },
  { id: 'e', upstream: ['c', 'd'], triggerRule: 'none_failed', outcome: 'success' },
  { id: 'f', upstream: ['a', 'd'], triggerRule: 'all_success', outcome: 'success' },
];
const branches = [
  { id: 'choose', branch: 'left' },
  { id: 'left', when: { task: 'choose', is: 'left' }, map: ['success', 'skipped'] },
  { id: 'right', when: { task: 'choose', is: 'right' } },
  { id: 'join', upstream: ['left', 'right'], triggerRule: 'none_failed_min_one_success' },
];

test('sluice simulate <pipeline> tells every task’s status and the run’s state', async () => {
  const failing = ['--fail', 'extract_astronomerio_members'];
  const { stdout, code } = await sluice('simulate', 'github-to-redshift', ...failing);
  expect(stdout).toContain('github-to-redshift: failed\n');
  expect(stdout).toMatch(/^ {2}load_astronomerio_members +upstream_failed$/m);
  expect(stdout).toMatch(/^ {2}load_astronomerio_issues +success$/m);
  expect(code).toBe(0);
});

test('sluice simulate --graph --json prints a line for each graph of the file, its tasks in order', async () => {
  const { stdout, code } = await sluice('simulate', '--graph', file(crossing, branches), '--json');
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    {
      run: 'failed',
      tasks: { a: 'failed', b: 'success', c: 'success', d: 'skipped', e: 'success', f: 'upstream_failed' },
    },
    { run: 'success', tasks: { choose: 'success', left: 'success', right: 'skipped', join: 'success' } },
  ]);
  expect(code).toBe(0);
});

test('what --asl writes is enough for another engine to come to the same', async () => {
  const { stdout } = await sluice('simulate', '--graph', file(crossing, branches), '--asl', join(dir, 'asl'), '--json');
  const replayed = await Promise.all(['line-1', 'line-2'].map(replay));
  expect(replayed).toEqual(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).tasks),
  );
});

/** As the help says. */
async function replay(name: string): Promise<unknown> {
  const read = (kind: string) => readFileSync(join(dir, 'asl', `${name}.${kind}.json`), 'utf8');
  const answers = JSON.parse(read('answers'));
  const stepFunctions = new StepFunctions({
    accountId: '000000000000',
    region: 'us-east-1',
    clock: new VirtualClock(),
    invoke: async ({ arguments: given }) => {
      const { task } = (given as { Payload: { task?: { id: string; index?: number } } }).Payload;
      if (!task) return { Payload: answers.begin };
      const list = answers.tasks[task.id];
      const answer = list[task.index ?? 0] ?? list.at(-1);
      if ('error' in answer) throw answer;
      return { Payload: answer.output };
    },
  });
  const definition = read('asl');
  const machine = stepFunctions.operations.CreateStateMachine({ name, definition, roleArn: 'arn:role' });
  const { executionArn } = stepFunctions.operations.StartExecution({ ...machine, input: '{}' });
  const { output, cause } = await stepFunctions.finished(executionArn);
  return JSON.parse(output ?? cause ?? '');
}

test.for([
  [['simulate'], 'Name a pipeline, with --fail, --skip and --branch; or a file of graphs alone'],
  [['simulate', 'github-to-redshift', '--graph', 'x'], 'Name a pipeline'],
  [['simulate', '--graph', 'x', '--fail', 'a'], 'Name a pipeline'],
  [['simulate', '--graph', '/nowhere/graphs.ndjson'], '--graph /nowhere/graphs.ndjson: ENOENT'],
  [['simulate', 'nothing'], "There is no pipeline 'nothing'"],
])('sluice %s is usage', async ([args = [], told = '']) => {
  expect(await sluice(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(told as string) });
});

test('a wrong line is usage, with the file, the line and the field', async () => {
  const path = file([{ id: 'a' }], [{ id: 'b', outcome: 'perhaps' }]);
  const { code, stderr, stdout } = await sluice('simulate', '--graph', path);
  expect(stderr).toContain(`${path}, line 2:\n  tasks.0.outcome: `);
  expect([code, stdout]).toEqual([2, '']);
});
