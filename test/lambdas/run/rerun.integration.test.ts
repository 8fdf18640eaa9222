/** What begin and end make of a rerun, on a store in memory. */
import { beforeEach, expect, test } from 'vitest';
import { claimRun } from '#lambdas/run/claim.ts';
import { closeRun } from '#lambdas/run/close.ts';
import type { BeginEvent, ExecutionInput, Node } from '#lib/contract/begin-event.ts';
import type { RecordedStatus } from '#lib/contract/task-status.ts';
import type { Ended } from '#lib/runs/executions.ts';
import { recall, settle } from '#lib/runs/ledger.ts';
import { markTask } from '#lib/runs/mark.ts';
import { type FoundRecord, readRecord } from '#lib/runs/run-record.ts';
import type { Store } from '#lib/runs/store.ts';
import { readWarnings, writeWarning } from '#lib/runs/warnings.ts';
import { memoryStore } from '../../worlds/memory-store.ts';

const DAY = '2026-11-19';
const RUN = { dagId: 'daily', runId: '20261119T000000Z' };
const NOW = '2026-11-20T10:00:00Z';
const arn = (name: string) => `arn:aws:states:us-east-1:000000000000:execution:Sluice-daily:${name}`;

let store: Store;
let known: Map<string, Ended | 'running'>;
beforeEach(() => {
  store = memoryStore();
  known = new Map();
});

/** extract → job → load, and beside them note. */
const tasks = ['extract', 'job', 'load', 'note'];
const nodes: Node[] = [{ after: [] }, { after: [0], kind: 'native' }, { after: [1] }, { after: [] }];

function begin(name: string, input: ExecutionInput, more: Partial<BeginEvent['pipeline']> = {}) {
  known.set(arn(name), 'running');
  const options = { dagId: 'daily', schedule: '0 0 * * *', timeZone: 'UTC', startDate: '2018-01-05', snapshot: false };
  const pipeline = { ...options, maxActiveRuns: 1, tasks, nodes, ...more };
  const deps = { store, executions: { ended: async (one: string) => known.get(one) }, now: () => new Date(NOW) };
  return claimRun(deps, { execution: arn(name), startTime: NOW, input: { logicalDate: DAY, ...input }, pipeline });
}

const ENDED = { startedAt: NOW, stoppedAt: NOW };

async function end(name: string, statuses: Record<string, RecordedStatus>, outputs: Record<string, unknown> = {}) {
  const ended: Ended = { status: 'FAILED', ...ENDED, error: 'Sluice.RunFailed', cause: JSON.stringify(statuses) };
  known.set(arn(name), ended);
  const executions = {
    failures: async () => ({ tries: [], maps: [] }),
    details: async () => undefined,
    statuses: async () => undefined,
    outputs: async () => new Map(Object.entries(outputs)),
  };
  return closeRun({ store, executions }, arn(name), ended);
}

const LOAD_FAILED = { extract: 'success', job: 'success', load: 'failed', note: 'success' } as const;

/** A run in which load failed; its job gave an id. */
async function runThatFailed(input: ExecutionInput = {}, more: Partial<BeginEvent['pipeline']> = {}) {
  const run = await begin('one', input, more);
  for (const id of ['extract', 'note']) await settle(store, { run, task: { id, attempt: 1 } }, { of: id });
  await end('one', LOAD_FAILED, { job: { Id: 'j-1' } });
  return run;
}

const resultOf = (id: string, clearing: number) => recall(store, { ...RUN, clearing }, { id, attempt: 1 });

test('what failed is carried out again; the machine is given what a job gave, and functions find the rest', async () => {
  await runThatFailed();
  const again = await begin('two', { clear: { failed: true } });
  expect(again).toMatchObject({ clearing: 2, reused: { job: { Id: 'j-1' } } });
  expect(again.kept).toBeUndefined();
  expect(await resultOf('extract', 2)).toMatchObject({ output: { of: 'extract' }, clearing: 1 });
  expect(await resultOf('load', 2)).toBeUndefined();
  expect(await begin('two', { clear: { failed: true } })).toEqual(again);
});

test('a job downstream of what is chosen runs again, unless it is to be kept', async () => {
  await runThatFailed();
  expect((await begin('two', { clear: { tasks: ['extract'] } })).reused).toBeUndefined();
  expect(await resultOf('note', 2)).toMatchObject({ output: { of: 'note' } });
  await end('two', LOAD_FAILED, { job: { Id: 'j-2' } });
  expect((await begin('three', { clear: { tasks: ['extract'], keep: ['job'] } })).reused).toEqual({
    job: { Id: 'j-2' },
  });
});

test('a task that is neither chosen nor has a result keeps its status, also where the machine tells another', async () => {
  const run = await begin('one', {});
  await settle(store, { run, task: { id: 'note', attempt: 1 } }, {});
  await end('one', { extract: 'failed', job: 'upstream_failed', load: 'upstream_failed', note: 'success' });
  const again = await begin('two', { clear: { tasks: ['extract'], only: true } });
  expect(again.kept).toEqual({ job: 'upstream_failed', load: 'upstream_failed' });
  const record = await end('two', { extract: 'success', job: 'failed', load: 'upstream_failed', note: 'success' });
  expect({ ...record?.tasks }).toEqual({
    extract: 'success',
    job: 'upstream_failed',
    load: 'upstream_failed',
    note: 'success',
  });
});

test('params are the first run’s unless given, as far as the DAG still has them', async () => {
  const params = JSON.stringify({
    type: 'object',
    properties: { org: { type: 'string' }, full: { type: 'boolean', default: false } },
    required: ['org'],
    additionalProperties: false,
  });
  const gone = JSON.stringify({ type: 'object', properties: { old: {}, org: {} } });
  await runThatFailed({ params: { org: 'acme', old: 1 } }, { params: gone });
  expect((await begin('two', { clear: { failed: true } }, { params })).params).toEqual({ org: 'acme', full: false });
  await end('two', LOAD_FAILED);
  const given = { clear: { failed: true }, params: { full: true } } as const;
  expect((await begin('three', given, { params })).params).toEqual({ org: 'acme', full: true });
});

test('an input that clears is refused where it names no task, or keeps what has no result', async () => {
  await runThatFailed();
  const wrong = begin('two', { clear: { tasks: ['laod'], keep: ['load', 'extract'] } });
  await expect(wrong).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(/there is no task 'laod'; 'load' has no result to keep: it is failed.*extract, job/),
  });
  expect((await readRecord(store, RUN))?.record).toMatchObject({ clearing: 1, state: 'failed' });
});

test('a plain copy of the tick’s input, started from a console, is a duplicate', async () => {
  await runThatFailed({ tick: '2026-11-20T00:00:00Z' });
  await expect(begin('copy', { tick: '2026-11-20T00:00:00Z' })).rejects.toMatchObject({ name: 'Sluice.Duplicate' });
  const whileRunning = begin('two', { clear: { failed: true } });
  await whileRunning;
  await expect(begin('three', { clear: { failed: true } })).rejects.toMatchObject({ name: 'Sluice.Duplicate' });
});

test('a result that is lost is worked for again, with all that builds on it', async () => {
  const run = await begin('one', {});
  await settle(store, { run, task: { id: 'note', attempt: 1 } }, {});
  await end('one', LOAD_FAILED, { job: {} });
  expect((await begin('two', { clear: { failed: true } })).reused).toBeUndefined();
  expect((await readRecord(store, RUN))?.record.reused).toEqual(['note']);
});

test('what jobs gave is not given where it is too much for a state; they run again', async () => {
  await begin('one', {});
  const big = 'x'.repeat(160_000);
  await end('one', { ...LOAD_FAILED, note: 'failed' }, { job: { big } });
  expect((await begin('two', { clear: { tasks: ['note'] } })).reused).toBeUndefined();
});

test('a rerun that was cut off is taken over with what it reuses; of a lost end the ledger tells what succeeded', async () => {
  await runThatFailed();
  const again = await begin('two', { clear: { failed: true } });
  known.delete(arn('two'));
  expect(await begin('three', {})).toEqual({ ...again, execution: arn('three') });
  known.delete(arn('three'));
  expect(await begin('four', { clear: { failed: true } })).toMatchObject({
    clearing: 3,
    reused: { job: { Id: 'j-1' } },
  });
  expect((await readRecord(store, RUN))?.record.reused).toEqual(['extract', 'job', 'note']);
});

test('tasks that are new run, with what builds on them, and those that are gone are left out', async () => {
  await runThatFailed();
  const today = { tasks: ['extract', 'fresh', 'note'], nodes: [{ after: [] }, { after: [0] }, { after: [1] }] };
  await begin('two', { clear: { tasks: ['extract'], only: true } }, today);
  expect((await readRecord(store, RUN))?.record).toMatchObject({ reused: ['note'], taskIds: today.tasks });
  await end('two', { extract: 'success', fresh: 'failed', note: 'success' });
});

test('a warning of a task that is not carried out again is one of the rerun too', async () => {
  const run = await begin('one', {});
  const warning = { dataset: 'issues', of: 'core', status: 451, url: 'http://x', reason: 'Blocked' };
  for (const id of ['extract', 'note']) {
    await settle(store, { run, task: { id, attempt: 1 } }, {});
    await writeWarning({ store, run, task: { id, attempt: 1 } }, warning);
  }
  await end('one', { ...LOAD_FAILED, note: 'failed' }, { job: {} });
  const again = await begin('two', { clear: { failed: true } });
  expect(await readWarnings(store, again)).toEqual([{ ...warning, task: 'extract' }]);
});

test('a task that is marked decides how the run ended, and gives its output to a rerun', async () => {
  await runThatFailed();
  const found = async () => (await readRecord(store, RUN)) as FoundRecord;
  const changed = await markTask(store, await found(), { task: 'load', status: 'success', output: { rows: 1 } });
  expect(changed).toMatchObject({ state: 'success', tasks: { load: 'success', extract: 'success' } });
  expect(changed.error).toBeUndefined();
  expect((await found()).record).toEqual(changed);
  expect(await markTask(store, await found(), { task: 'note', status: 'failed', output: undefined })).toMatchObject({
    state: 'failed',
  });
  await begin('two', { clear: { failed: true } });
  expect((await found()).record.reused).toEqual(['extract', 'job', 'load']);
  expect(await resultOf('load', 2)).toMatchObject({ output: { rows: 1 }, marked: true, clearing: 1 });
});
