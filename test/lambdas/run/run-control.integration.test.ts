import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { claimRun } from '#lambdas/run/claim.ts';
import { endRun } from '#lambdas/run/finish.ts';
import type { Mail } from '#lambdas/runtime/mail.ts';
import type { BeginEvent, ExecutionInput } from '#lib/contract/begin-event.ts';
import type { TaskStatus } from '#lib/contract/task-status.ts';
import type { Ended, Executions, Failures } from '#lib/runs/executions.ts';
import { ledgerKey, runRecordKey, slotsKey } from '#lib/runs/keys.ts';
import { pauseDag, unpauseDag } from '#lib/runs/pauses.ts';
import { type Store, s3Store } from '#lib/runs/store.ts';
import { writeWarning } from '#lib/runs/warnings.ts';
import { createS3, type S3 } from '#local/s3/index.ts';

const DAY = '2026-11-19';
const RUN = { dagId: 'daily', runId: '20261119T000000Z' };
const arn = (name: string) => `arn:aws:states:us-east-1:000000000000:execution:Sluice-daily:${name}`;

let folder: string;
let s3: S3;
let server: Server;
let bucket = 0;
let store: Store;
let known: Map<string, Ended | 'running'>;
let began: Map<string, Map<string, TaskStatus>>;
let failures: Failures;
let mails: Mail[];
let outputs: Map<string, unknown>;

const executions: Executions = {
  details: async () => undefined,
  ended: async (execution) => known.get(execution),
  failures: async () => failures,
  statuses: async (execution) => began.get(execution),
  outputs: async () => outputs,
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-run-'));
  s3 = createS3({ dir: folder });
  server = createServer((request, response) => void s3.handle(request, response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  s3.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  const name = `lake-${bucket++}`;
  s3.createBucket(name);
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
  store = s3Store({ client, bucket: name });
  known = new Map();
  began = new Map();
  failures = { tries: [], maps: [] };
  mails = [];
  outputs = new Map();
});

const options = {
  dagId: 'daily',
  schedule: '0 0 * * *',
  timeZone: 'UTC',
  startDate: '2018-01-05',
  maxActiveRuns: 1,
  snapshot: false,
};

type More = Partial<BeginEvent['pipeline']> & { readonly over?: Store };

function begin(name: string, input: ExecutionInput, { over = store, ...more }: More = {}) {
  known.set(arn(name), 'running');
  const pipeline = { ...options, tasks: ['extract', 'load'], ...more };
  const deps = { store: over, executions, now: () => new Date('2026-11-20T10:00:00Z') };
  return claimRun(deps, { execution: arn(name), startTime: '2026-11-20T10:00:00Z', input, pipeline });
}

async function end(name: string, more: Partial<Ended> = {}) {
  known.set(arn(name), {
    status: 'SUCCEEDED',
    startedAt: '2026-11-20T10:00:00Z',
    stoppedAt: '2026-11-20T10:05:00Z',
    ...more,
  });
  await endRun({ store, executions, publish: async (mail) => void mails.push(mail) }, arn(name));
}

const record = async (run = RUN) => (await store.read(runRecordKey(run)))?.value;

test('a tick is the run of the interval that ends there; its machine gets what tasks need', async () => {
  expect(await begin('one', { tick: '2026-11-20T00:00:00Z' })).toEqual({
    ...RUN,
    logicalDate: '2026-11-19T00:00:00Z',
    dataInterval: { start: '2026-11-19T00:00:00Z', end: '2026-11-20T00:00:00Z' },
    clearing: 1,
    execution: arn('one'),
    params: {},
  });
  expect(await record()).toMatchObject({ state: 'running', execution: arn('one'), taskIds: ['extract', 'load'] });
});

test('begin, tried again by the machine, gives the same run', async () => {
  const first = await begin('one', { logicalDate: DAY });
  expect(await begin('one', { logicalDate: DAY })).toEqual(first);
});

test('a second tick is a duplicate while the run is carried out, and after it has closed', async () => {
  await begin('one', { tick: '2026-11-20T00:00:00Z' });
  await expect(begin('two', { tick: '2026-11-20T00:00:00Z' })).rejects.toMatchObject({ name: 'Sluice.Duplicate' });
  await end('one', { output: '{"extract":"success","load":"success"}' });
  await expect(begin('three', { tick: '2026-11-20T00:00:00Z' })).rejects.toMatchObject({ name: 'Sluice.Duplicate' });
  await end('two');
  expect(await record()).toMatchObject({
    state: 'success',
    execution: arn('one'),
    tasks: { extract: 'success', load: 'success' },
  });
});

test('an execution that is to wait for the one that carries the run out is busy until then, and runs all again', async () => {
  const input = { logicalDate: DAY, clear: 'all', wait: true } as const;
  await begin('one', { logicalDate: DAY });
  await expect(begin('two', input)).rejects.toMatchObject({ name: 'Sluice.Busy' });
  await end('one', { output: '{"extract":"success","load":"success"}' });
  expect(await begin('two', input)).toMatchObject({ clearing: 2, execution: arn('two') });
});

test('a run whose interval is not over yet is refused: its sources do not have all of it', async () => {
  await expect(begin('one', { logicalDate: '2026-11-20' })).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: 'daily has no run of 2026-11-20T00:00:00Z yet: its interval is over at 2026-11-21T00:00:00Z. Run it then.',
  });
});

test('before the first logical date a tick does nothing, and a run by hand is refused', async () => {
  const input = { logicalDate: DAY };
  const told = 'daily has no run of 2026-11-19T00:00:00Z: its first logical date is 2026-11-20, its startDate.';
  await expect(begin('one', input, { startDate: '2026-11-20' })).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: told,
  });
  const tick = begin('two', { tick: '2026-11-20T00:00:00Z' }, { startDate: '2026-11-20' });
  await expect(tick).rejects.toMatchObject({ name: 'Sluice.Duplicate', message: told });
  expect(await begin('three', input, { startDate: DAY })).toMatchObject({ logicalDate: '2026-11-19T00:00:00Z' });
});

test('after the last day a tick does nothing, and a run by hand is refused', async () => {
  const told = 'daily has no run of 2026-11-19T00:00:00Z: its last day is 2026-11-18, its endDate.';
  const endDate = '2026-11-18';
  const byHand = begin('one', { logicalDate: DAY }, { endDate });
  await expect(byHand).rejects.toMatchObject({ name: 'Sluice.Terminal', message: told });
  const tick = begin('two', { tick: '2026-11-20T00:00:00Z' }, { endDate });
  await expect(tick).rejects.toMatchObject({ name: 'Sluice.Duplicate', message: told });
  expect(await begin('three', { tick: '2026-11-19T00:00:00Z' }, { endDate })).toMatchObject({
    runId: '20261118T000000Z',
  });
});

test('a tick in a pause begins nothing, quietly; people and ticks outside it are not paused', async () => {
  await pauseDag(store, 'daily', new Date('2026-11-19T23:00:00Z'));
  await unpauseDag(store, 'daily', new Date('2026-11-20T00:00:01Z'));
  await expect(begin('one', { tick: '2026-11-20T00:00:00Z' })).rejects.toMatchObject({
    name: 'Sluice.Duplicate',
    message: 'daily is paused at 2026-11-20T00:00:00Z, so that this tick begins no run.',
  });
  expect(await record()).toBeUndefined();
  await begin('before', { tick: '2026-11-19T00:00:00Z' });
  await end('before');
  await begin('by hand', { logicalDate: DAY });
  expect(await record()).toMatchObject({ state: 'running', kind: 'manual' });
});

test('the record keeps why its run began first, whoever carries it out again', async () => {
  await begin('one', { tick: '2026-11-20T00:00:00Z' });
  expect(await record()).toMatchObject({ kind: 'scheduled' });
  await end('one');
  await begin('two', { logicalDate: DAY, clear: 'all' });
  expect(await record()).toMatchObject({ kind: 'scheduled', clearing: 2 });
  await end('two');
  await begin('three', { logicalDate: '2026-11-18', backfill: true });
  expect(await record({ ...RUN, runId: '20261118T000000Z' })).toMatchObject({ kind: 'backfill' });
});

test('a run of the schedule gets its slot before backfilled ones, however old they are', async () => {
  await begin('active', { logicalDate: '2026-11-10' });
  const older = { logicalDate: '2026-11-16', backfill: true } as const;
  await expect(begin('older', older)).rejects.toMatchObject({ name: 'Sluice.Busy' });
  await expect(begin('oldest', { ...older, logicalDate: '2026-11-15' })).rejects.toMatchObject({ name: 'Sluice.Busy' });
  await expect(begin('tick', { tick: '2026-11-20T00:00:00Z' })).rejects.toMatchObject({ name: 'Sluice.Busy' });
  await end('active');
  await expect(begin('older', older)).rejects.toMatchObject({ name: 'Sluice.Busy' });
  expect(await begin('tick', { tick: '2026-11-20T00:00:00Z' })).toMatchObject({ runId: RUN.runId });
  await end('tick');
  await expect(begin('older', older)).rejects.toThrow(/behind 20261115T000000Z/);
  expect(await begin('oldest', { ...older, logicalDate: '2026-11-15' })).toMatchObject({ runId: '20261115T000000Z' });
});

test('those that wait behind executions whose end nobody told, and behind one another, all get their turn', async () => {
  const dates = ['2026-11-15', '2026-11-16', '2026-11-17', '2026-11-18'];
  await begin('lost', { logicalDate: '2026-11-14' });
  for (const date of dates) await begin(date, { logicalDate: date, backfill: true }).catch(() => {});
  const ABORTED = { status: 'ABORTED', startedAt: '2026-11-20T10:00:00Z', stoppedAt: '2026-11-20T10:05:00Z' } as const;
  known.set(arn('lost'), ABORTED);
  for (const date of dates) {
    expect(await begin(date, { logicalDate: date, backfill: true })).toMatchObject({ execution: arn(date) });
    known.set(arn(date), ABORTED);
  }
});

test('of many executions that begin one date at once, exactly one carries it out', async () => {
  const names = Array.from({ length: 8 }, (_, at) => `n${at}`);
  const begun = await Promise.allSettled(names.map((name) => begin(name, { logicalDate: DAY })));
  const errors = begun.flatMap((one) => (one.status === 'rejected' ? [one.reason.name] : []));
  expect(errors).toEqual(Array(7).fill('Sluice.Duplicate'));
});

test('a closed record opens again where the input clears its tasks, under the next clearing', async () => {
  await begin('one', { logicalDate: DAY });
  await end('one');
  expect(await begin('two', { logicalDate: DAY, clear: 'all' })).toMatchObject({ clearing: 2, execution: arn('two') });
  await end('one');
  expect(await record()).toMatchObject({ state: 'running', execution: arn('two') });
});

test('a record left open by an execution that ended, or is no longer known, is taken over and resumed', async () => {
  await begin('one', { logicalDate: DAY });
  known.set(arn('one'), { status: 'ABORTED', startedAt: '2026-11-20T10:00:00Z', stoppedAt: '2026-11-20T10:05:00Z' });
  expect(await begin('two', { logicalDate: DAY })).toMatchObject({ clearing: 1, execution: arn('two') });
  known.delete(arn('two'));
  expect(await begin('three', { logicalDate: DAY })).toMatchObject({ clearing: 1, execution: arn('three') });
});

test('runs wait for a slot and get it in the order of their logical dates', async () => {
  await begin('active', { logicalDate: '2026-11-17' });
  await expect(begin('later', { logicalDate: '2026-11-19' })).rejects.toMatchObject({ name: 'Sluice.Busy' });
  await expect(begin('earlier', { logicalDate: '2026-11-18' })).rejects.toThrow(
    /behind 20261117T000000Z, 20261119T000000Z/,
  );
  await end('active');
  await expect(begin('later', { logicalDate: '2026-11-19' })).rejects.toMatchObject({ name: 'Sluice.Busy' });
  expect(await begin('earlier', { logicalDate: '2026-11-18' })).toMatchObject({ runId: '20261118T000000Z' });
  await end('earlier');
  expect(await begin('later', { logicalDate: '2026-11-19' })).toMatchObject({ runId: '20261119T000000Z' });
  await end('later');
  expect((await store.read(slotsKey('daily')))?.value).toMatchObject({ active: [], waiting: [] });
});

test('a slot whose execution ended without an event is free; two slots hold two runs', async () => {
  await begin('lost', { logicalDate: '2026-11-16' });
  known.set(arn('lost'), { status: 'TIMED_OUT', startedAt: '2026-11-20T10:00:00Z', stoppedAt: '2026-11-20T10:05:00Z' });
  await begin('a', { logicalDate: '2026-11-17' }, { maxActiveRuns: 2 });
  await begin('b', { logicalDate: '2026-11-18' }, { maxActiveRuns: 2 });
  await expect(begin('c', { logicalDate: '2026-11-19' }, { maxActiveRuns: 2 })).rejects.toThrow(/waits for a slot/);
});

test.each([
  ['and nobody has it', async () => {}, []],
  ['and the next run has it', () => begin('next', { logicalDate: '2026-11-18' }), [{ execution: arn('next') }]],
])('a begin that stood still until its run had ended takes no slot: %s', async (_, then, active) => {
  const slow: Store = {
    ...store,
    read: async (key) => {
      if (key !== slotsKey('daily') || (await record())?.['state'] === 'success') return store.read(key);
      await begin('one', { logicalDate: DAY });
      await end('one');
      await then();
      return store.read(key);
    },
  };
  await expect(begin('one', { logicalDate: DAY }, { over: slow })).rejects.toMatchObject({ name: 'Sluice.Duplicate' });
  expect((await store.read(slotsKey('daily')))?.value).toMatchObject({ active, waiting: [] });
});

test('a source that knows only the present refuses a date older than a run that has begun', async () => {
  await begin('new', { logicalDate: DAY }, { snapshot: true });
  await end('new');
  const older = begin('old', { logicalDate: '2026-11-18' }, { snapshot: true });
  await expect(older).rejects.toMatchObject({
    name: 'Sluice.NoSnapshot',
    message: expect.stringMatching(/No table was touched/),
  });
  expect(await record({ ...RUN, runId: '20261118T000000Z' })).toBeUndefined();
  const again = await begin('again', { logicalDate: DAY, clear: 'all' }, { snapshot: true });
  expect(again.fromRaw).toBeUndefined();
});

test('an older date of such a source that has run goes from its raw, also when begin is tried again', async () => {
  for (const date of ['2026-11-18', DAY]) {
    const run = await begin(date, { logicalDate: date }, { snapshot: true });
    expect(run.fromRaw).toBeUndefined();
    await end(date);
  }
  const older = { logicalDate: '2026-11-18', clear: 'all' } as const;
  const again = await begin('again', older, { snapshot: true });
  expect(again).toMatchObject({ runId: '20261118T000000Z', clearing: 2, fromRaw: true });
  expect(await begin('again', older, { snapshot: true })).toEqual(again);
});

test('a run goes from its raw where it is told to, and not where it never ran', async () => {
  const input = { logicalDate: DAY, clear: 'all', fromRaw: true } as const;
  await expect(begin('early', input)).rejects.toMatchObject({
    name: 'Sluice.NoSnapshot',
    message: expect.stringMatching(/it never ran, so there is no raw to go from/),
  });
  await begin('one', { logicalDate: DAY });
  await end('one');
  expect(await begin('two', input)).toMatchObject({ clearing: 2, fromRaw: true });
  known.set(arn('two'), { status: 'ABORTED', startedAt: '2026-11-20T10:00:00Z', stoppedAt: '2026-11-20T10:05:00Z' });
  expect(await begin('takes over', { logicalDate: DAY })).toMatchObject({ clearing: 2, fromRaw: true });
  await end('takes over');
  expect((await begin('three', { logicalDate: DAY, clear: 'all' })).fromRaw).toBeUndefined();
});

test('a late second tick of an old snapshot is a duplicate, not a failure; a waiting newer run does not refuse an older', async () => {
  await begin('old', { logicalDate: '2026-11-18' }, { snapshot: true });
  await expect(begin('new', { logicalDate: DAY }, { snapshot: true })).rejects.toMatchObject({ name: 'Sluice.Busy' });
  await begin('old', { logicalDate: '2026-11-18' }, { snapshot: true });
  await end('old');
  await begin('new', { logicalDate: DAY }, { snapshot: true });
  const late = begin('late', { tick: '2026-11-19T00:00:00Z' }, { snapshot: true });
  await expect(late).rejects.toMatchObject({ name: 'Sluice.Duplicate' });
});

test('an input that names no run is refused with what would', async () => {
  await expect(begin('one', { logicalDate: '2026-11-19T06:00' })).rejects.toThrow(
    /Beginning a run of daily: .* is no logical date .* the nearest are 2026-11-19T00:00:00Z and 2026-11-20T00:00:00Z/,
  );
});

test('a failed run is closed with the statuses of its cause and told once, however often the event comes', async () => {
  await begin('one', { logicalDate: DAY });
  const failed = {
    status: 'FAILED',
    error: 'Sluice.RunFailed',
    cause: '{"extract":"failed","load":"upstream_failed"}',
  } as const;
  await end('one', failed);
  await end('one', failed);
  expect(await record()).toMatchObject({ state: 'failed', tasks: { extract: 'failed', load: 'upstream_failed' } });
  expect(mails).toHaveLength(1);
  expect(mails[0]?.subject).toBe('Sluice: daily 2026-11-19T00:00:00Z failed');
  expect(mails[0]?.message).toMatch(/Not run because of that: load.*sluice rerun daily 2026-11-19T00:00:00Z/s);
});

test('a run that succeeded although a task failed is closed as that, and told once; one without is not told', async () => {
  await begin('one', { logicalDate: DAY });
  const hidden = { output: '{"extract":"failed","load":"success"}' };
  await end('one', hidden);
  await end('one', hidden);
  expect(await record()).toMatchObject({ state: 'success', tasks: { extract: 'failed', load: 'success' } });
  expect(mails).toHaveLength(1);
  expect(mails[0]?.subject).toBe('Sluice: daily 2026-11-19T00:00:00Z succeeded, although extract failed');
  expect(mails[0]?.message).toMatch(
    /succeeded at .*, although extract failed.*Failed tasks: extract.*sluice rerun daily/s,
  );
  await begin('two', { logicalDate: DAY, clear: 'all' });
  await end('two', { output: '{"extract":"success","load":"success"}' });
  expect(mails).toHaveLength(1);
});

test.each(['ABORTED', 'TIMED_OUT'] as const)(
  'of a run that ended with %s a result in the ledger is success, what had begun failed, the rest was not run',
  async (status) => {
    const run = await begin('one', { logicalDate: DAY }, { tasks: ['extract', 'wait', 'ask', 'load'] });
    await store.create(ledgerKey(run, { id: 'extract', attempt: 1 }), { output: null, attempt: 1 });
    const statuses = { extract: 'failed', wait: 'failed', ask: 'success' } as const;
    began.set(arn('one'), new Map(Object.entries(statuses)));
    await end('one', { status });
    const tasks = { extract: 'success', wait: 'failed', ask: 'success', load: 'not_run' };
    expect(await record()).toMatchObject({ state: 'failed', error: status, tasks });
  },
);

test('where the history of a stopped run is lost, what has no result failed', async () => {
  await begin('one', { logicalDate: DAY });
  await end('one', { status: 'ABORTED' });
  expect(await record()).toMatchObject({ tasks: { extract: 'failed', load: 'failed' } });
});

test('a run that a failure ended at once tells what it knew: of the others those with a result succeeded', async () => {
  const run = await begin('one', { logicalDate: DAY });
  const failed = { status: 'FAILED', error: 'Sluice.RunFailed', cause: '{"load":"failed"}' } as const;
  await store.create(ledgerKey(run, { id: 'extract', attempt: 1 }), { output: null, attempt: 1 });
  await end('one', failed);
  expect(await record()).toMatchObject({ tasks: { extract: 'success', load: 'failed' } });
  await begin('two', { logicalDate: DAY, clear: 'all' });
  await end('two', failed);
  expect(await record()).toMatchObject({ tasks: { extract: 'skipped', load: 'failed' } });
  await begin('three', { logicalDate: DAY, clear: 'all' });
  began.set(arn('three'), new Map([['extract', 'failed']]));
  await end('three', failed);
  expect(await record()).toMatchObject({ tasks: { extract: 'failed', load: 'failed' } });
});

test('an execution that begin refused is told too, and closes nothing', async () => {
  await end('stray', { status: 'FAILED', error: 'Sluice.NoSnapshot', cause: 'a newer run exists' });
  expect(mails[0]?.message).toContain('Sluice.NoSnapshot: a newer run exists');
});

test('an event that comes while the execution still runs is answered with an error, so that it comes again', async () => {
  await begin('one', { logicalDate: DAY });
  const early = endRun({ store, executions, publish: async () => {} }, arn('one'));
  await expect(early).rejects.toMatchObject({ name: 'Sluice.Transient' });
});

/** A run of which a task warns of repositories, with the status that each of them gave. */
async function warned(name: string, logicalDate: string, statuses: Record<string, number>) {
  const run = await begin(name, { logicalDate, clear: 'all' });
  for (const [index, [of, status]] of Object.entries(statuses).entries()) {
    const warning = { dataset: 'issues', of, status, url: `http://x/${of}`, reason: 'Blocked' };
    await writeWarning({ store, run, task: { id: 'extract', index, attempt: 1 } }, warning);
  }
  const output = '{"extract":"success","load":"success"}';
  await end(name, { output });
  await end(name, { output });
  return record(run);
}

test('a run that succeeded with warnings has them in its record, and mails once those that the run before had not', async () => {
  expect(await warned('one', '2026-11-16', { core: 451 })).toMatchObject({
    state: 'success',
    warnings: [
      { task: 'extract', dataset: 'issues', of: 'core', status: 451, url: 'http://x/core', reason: 'Blocked' },
    ],
  });
  expect(mails).toHaveLength(1);
  expect(mails[0]?.subject).toBe('Sluice: daily 2026-11-16T00:00:00Z succeeded with warnings');
  expect(mails[0]?.message).toContain(
    "- extract: 'core' of issues is skipped: GET http://x/core was answered with 451 (Blocked).",
  );
  await begin('two', { logicalDate: '2026-11-17' });
  await end('two', { status: 'FAILED' });
  expect(mails.splice(0)).toHaveLength(2);
  expect(await warned('three', '2026-11-18', { core: 451 })).toMatchObject({ state: 'success', warnings: [{}] });
  expect(mails).toEqual([]);
  await warned('four', DAY, { core: 451, docs: 410 });
  expect(mails).toHaveLength(1);
  expect(mails[0]?.message).toMatch(
    /succeeded with 2 warnings .* did not have 1 of them:\n- [^\n]*'docs'[^\n]*410[^\n]*\n\n/s,
  );
});

const failedItem = (task: string, cause: string) => ({
  ...{ task, index: 1, attempt: 1, functionName: 'f', startedAt: new Date(0), state: 'failed' as const },
  ...{ error: 'Sluice.Terminal', cause },
});

test('items that failed of a task that tolerates them are warnings, and mailed as long as they change', async () => {
  failures = { tries: [failedItem('extract', 'refused')], maps: [] };
  const warnings = [{ task: 'extract', index: 1, error: 'Sluice.Terminal', cause: 'refused' }];
  expect(await warned('one', '2026-11-16', {})).toMatchObject({ state: 'success', warnings });
  expect(mails.splice(0)).toMatchObject([
    {
      subject: 'Sluice: daily 2026-11-16T00:00:00Z succeeded with warnings',
      message: expect.stringMatching(
        /\n- extract: item 1 failed, which is tolerated: Sluice.Terminal: refused\n.*npx sluice rerun daily 2026-11-16T00:00:00Z --task extract/s,
      ),
    },
  ]);
  await warned('two', '2026-11-17', {});
  expect(mails).toEqual([]);
  failures = { tries: [failedItem('extract', 'another cause')], maps: [] };
  await warned('three', '2026-11-18', {});
  expect(mails).toHaveLength(1);
});

test('in a run that failed, its mail tells the task that failed, and not the items that another one tolerates', async () => {
  failures = { tries: [failedItem('extract', 'tolerated'), failedItem('load', 'refused')], maps: [] };
  await begin('one', { logicalDate: DAY });
  await end('one', { status: 'FAILED', cause: '{"extract":"success","load":"failed"}' });
  expect(await record()).toMatchObject({ state: 'failed', warnings: [{ task: 'extract', cause: 'tolerated' }] });
  expect(mails[0]?.message.match(/^- .*$/gm)).toEqual(['- load (item 1), attempt 1: Sluice.Terminal: refused']);
});

test('the warnings of a run that is carried out again are those of the last time', async () => {
  await warned('one', DAY, { core: 451 });
  expect(await warned('two', DAY, {})).not.toHaveProperty('warnings');
});

test('however much a run warns of, the mail fits what SNS takes, and says how much more there is', async () => {
  const names = Array.from({ length: 60 }, (_, n) => [`${'\u20ac'.repeat(500)}${n}`, 451]);
  await warned('one', DAY, Object.fromEntries(names));
  expect(Buffer.byteLength(mails[0]?.message ?? '')).toBeLessThan(256 * 1024);
  expect(mails[0]?.message).toContain('- and 10 more: the run record has them all');
});
