/** Commands that read runs, on a state directory of which nothing runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAG_ID, runBefore, writeHistory } from '../../../worlds/history.ts';

const state = mkdtempSync(join(tmpdir(), 'sluice-history-'));
let sluice: (...args: string[]) => Promise<{ code: number; stdout: string; stderr: string }>;

beforeAll(async () => {
  writeHistory(state, 30);
  process.env['SLUICE_STATE'] = state;
  // The state directory is read from the environment when the command line is loaded.
  ({ sluice } = await import('../../../worlds/command-line.ts'));
});
afterAll(() => rmSync(state, { recursive: true }));

async function json<T>(...args: string[]): Promise<T> {
  const { stdout, stderr } = await sluice(...args, '--json');
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as T;
}
interface Run {
  readonly runId: string;
  readonly tasks?: readonly { readonly task: string; readonly state: string }[];
}
const ids = (runs: readonly Run[]) => runs.map(({ runId }) => runId);
const day = (days: number) => runBefore(days).replace(/^(....)(..)(..).*/, '$1-$2-$3');

test('runs are the newest 20, or as many as are asked for, of a state and between dates', async () => {
  expect(ids(await json('runs', DAG_ID))).toEqual(Array.from({ length: 20 }, (_, at) => runBefore(at + 1)));
  expect(ids(await json('runs', DAG_ID, '--state', 'failed', '--last', '2'))).toEqual([runBefore(10), runBefore(20)]);
  const between = await json<Run[]>('runs', DAG_ID, '--from', day(12), '--to', day(10));
  expect(ids(between)).toEqual([runBefore(10), runBefore(11), runBefore(12)]);
  expect(between[0]).toMatchObject({ state: 'failed', failedTasks: 1, warnings: 0, durationMs: 8000 });
});

test('the grid has a line for each task and a column for each run, the newest at the right', async () => {
  const { stdout } = await sluice('runs', DAG_ID, '--tasks', '--from', day(11), '--to', day(9));
  const lines = stdout.split('\n').map((line) => line.replace(/\s+/g, ' '));
  expect(lines).toEqual(expect.arrayContaining(['run ✓ ✗ ✓', 'extract ✓ ✓ ✓', 'load ✓ ✗ ✓', 'report ✓ ▲ ✓']));
  expect(lines).toContain('✓ success ✗ failed ▲ upstream_failed');
});

test('the status of a run that Step Functions has forgotten is told from its record: why it failed, and what to do', async () => {
  expect(await json('status', DAG_ID, day(10))).toMatchObject({
    state: 'failed',
    durationMs: 8000,
    tasks: [
      { task: 'extract', state: 'success', attempts: 1, rows: 7, durationMs: 1000 },
      { task: 'load', state: 'failed', attempts: 2, reason: 'Sluice.Terminal: the disk is full' },
      { task: 'report', state: 'upstream_failed' },
    ],
    next: [`npx sluice logs ${DAG_ID} ${day(10)} load`, expect.stringContaining(`npx sluice run ${DAG_ID} --date`)],
  });
  const { code, stdout } = await sluice('status', DAG_ID, day(10));
  expect(code).toBe(0);
  expect(stdout).toMatch(/^load +failed +2 .* Sluice\.Terminal: the disk is full$/m);
});

test('without a name it is the newest run', async () => {
  expect(await json('status', DAG_ID)).toMatchObject({ runId: runBefore(1), state: 'success', next: [] });
});

test('logs are the lines of the run and of its task alone, those of Lambda and of the console included', async () => {
  const { stdout } = await sluice('logs', DAG_ID, day(10), 'load');
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(5);
  expect(lines[0]).toContain(`START RequestId: ${runBefore(10)}-load`);
  expect(lines[1]).toMatch(/INFO {2}load #1 {2}the attempt begins$/);
  expect(lines.slice(2, 4).join('\n')).toMatch(/printed by load\nin two lines$/);
  const all = await sluice('logs', DAG_ID, day(10), '--json');
  const messages = all.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).message as string);
  expect(messages).toHaveLength(8);
  expect(messages.every((message) => message.includes(runBefore(10)))).toBe(true);
});

test('where there are no lines it says why', async () => {
  const { code, stdout, stderr } = await sluice('logs', DAG_ID, day(10), 'report');
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toBe('report has not begun in that run: it is upstream_failed.\n');
});

test('an output is printed as later tasks read it; a task without one is refused', async () => {
  expect(await json('output', DAG_ID, day(1), 'load')).toEqual({ task: 'load', output: { rows: 7 }, inputs: null });
  const { code, stderr } = await sluice('output', DAG_ID, day(10), 'load');
  expect(code).toBe(2);
  expect(stderr).toContain(`load has no output in that run. \`npx sluice status ${DAG_ID} ${day(10)}\` says why.`);
});

test.for([
  [['runs', 'dayly'], "There is no pipeline 'dayly' in Sluice. Did you mean 'daily'?"],
  [['output', DAG_ID, 'latest', 'lod'], "daily has no task 'lod' in that run. Did you mean 'load'?"],
  [['status', DAG_ID, '1999-01-01'], 'daily has no run of 1999-01-01T00:00:00Z.'],
  [['runs', DAG_ID, '--state', 'broken'], 'Allowed choices are queued, running'],
  [['runs', DAG_ID, '--last', '0'], 'Give a whole number from 1 on.'],
  [['stop', DAG_ID], 'so nothing runs there'],
  [['trigger', 'songplays'], 'Nobody would carry the run on: no sluice local runs on this machine'],
] as const)('sluice %s is refused with what to do', async ([args, message]) => {
  const { code, stderr } = await sluice(...args);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

test('tasks are a tree with types and trigger rules', async () => {
  const { stdout } = await sluice('tasks', 'songplays');
  expect(stdout).toMatch(/^task +type +trigger rule/);
  expect(stdout).toMatch(/^[├└] \S+ +\S+ +all_success/m);
});

test('the version is that of the package', async () => {
  expect((await sluice('--version')).code).toBe(0);
});
