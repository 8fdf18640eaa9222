import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findRun, runIdsBetween } from '#lib/cli/deployment/run-name.ts';
import { UsageError } from '#lib/cli/errors.ts';
import { runRecordKey } from '#lib/runs/keys.ts';
import { runRecords } from '#lib/runs/run-record.ts';
import { type Store, s3Store } from '#lib/runs/store.ts';
import { logicalDateOf } from '#lib/time/run-id.ts';
import { type Aws, BUCKET, openAws } from '../../../worlds/aws.ts';

let aws: Aws;
let store: Store;
const pipelines = ['daily', 'fresh', 'noon'].map((dagId) => ({
  dagId,
  schedule: '0 12 * * *',
  timeZone: dagId === 'noon' ? 'Europe/Moscow' : 'UTC',
  startDate: '2018-01-05',
  endDate: null,
  catchup: false,
  stateMachine: '',
  connections: {},
  databases: [],
}));
const deployment = () => ({ name: 'Sluice', pipelines, store });

async function write(dagId: string, runId: string): Promise<void> {
  const logicalDate = logicalDateOf(runId);
  const dataInterval = { start: logicalDate, end: logicalDate };
  const identity = { dagId, runId, logicalDate, dataInterval, clearing: 1, execution: 'arn', params: {} };
  const record = { ...identity, state: 'queued' as const, queuedAt: logicalDate, taskIds: [] };
  await runRecords.create(store, runRecordKey(record), record);
}

beforeAll(async () => {
  aws = await openAws();
  store = s3Store({ client: new S3Client(), bucket: BUCKET });
  for (const day of ['17', '18', '19']) await write('daily', `202611${day}T120000Z`);
  await write('noon', '20261119T090000Z');
});
afterAll(() => aws.close());

test.for([
  [undefined, '20261119T120000Z'],
  ['latest', '20261119T120000Z'],
  ['20261118T120000Z', '20261118T120000Z'],
  ['2026-11-17T12:00', '20261117T120000Z'],
  ['2026-11-17T14:00+02:00', '20261117T120000Z'],
])('%s is the run %s', async ([name, runId]) => {
  expect((await findRun(deployment(), 'daily', name)).runId).toBe(runId);
});

test('a logical date is read in the zone of the pipeline', async () => {
  expect((await findRun(deployment(), 'noon', '2026-11-19T12:00')).runId).toBe('20261119T090000Z');
});

test.for([
  ['daily', '2026-11-20T12:00', 'daily has no run of 2026-11-20T12:00:00Z'],
  ['daily', 'tomorrow', "'tomorrow' names no run: give a logical date (2026-11-19), a run id"],
  ['daily', '20261399T120000Z', 'names no run'],
  ['daily', 'constructor', "'constructor' names no run"],
  ['daily', '__proto__', "'__proto__' names no run"],
  ['fresh', undefined, 'fresh has not run yet. `sluice trigger fresh` begins a run.'],
  ['gone', undefined, "There is no pipeline 'gone' in Sluice."],
])('%s %s is refused with what there is', async ([pipeline, name, message]) => {
  const found = findRun(deployment(), pipeline as string, name);
  await expect(found).rejects.toThrow(UsageError);
  await expect(found).rejects.toThrow(message as string);
});

test('a range ends with all runs of the day that ends it, in the zone of the pipeline', () => {
  const zone = (timeZone: string) => runIdsBetween({ timeZone }, { from: '2026-11-18', to: '2026-11-19' });
  expect(zone('UTC')).toEqual({ from: '20261118T000000Z', to: '20261119T235959Z' });
  expect(zone('Europe/Moscow')).toEqual({ from: '20261117T210000Z', to: '20261119T205959Z' });
  const { to } = runIdsBetween({ timeZone: 'UTC' }, { to: '2026-11-19T06:00' });
  expect(to).toBe('20261119T060000Z');
});
