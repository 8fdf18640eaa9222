import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { embeddedAwsAt } from '#lib/cli/deployment/aws.ts';
import { type Deployment, readDeployment } from '#lib/cli/deployment/deployment.ts';
import { Scheduler } from '#lib/cli/scheduler/scheduler.ts';
import { Dag, type DagOptions } from '#lib/dag/index.ts';
import { pauseDag, unpauseDag } from '#lib/runs/pauses.ts';
import { readRecord, runIdsOf } from '#lib/runs/run-record.ts';
import { synthesize } from '#lib/stacks/index.ts';
import { type EmbeddedAws, startEmbeddedAws } from '#local/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-scheduler-'));
const [assembly, state, file] = ['cdk.out', 'state', 'schedules.json'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];

/** Time in these tests passes as they say: long ago, so that all of it is over for begin. */
const EPOCH = '2020-01-01';
let tasks = ['one'];

async function synthesizeHere(): Promise<void> {
  const dagOf = (id: string, options: Partial<DagOptions<never>>) => {
    const dag = new Dag(id, { schedule: '@daily', startDate: EPOCH, ...options });
    for (const task of tasks) dag.empty(task);
    return { dag, tables: [] };
  };
  const pipelines = {
    utc: dagOf('utc', {}),
    madrid: dagOf('madrid', { schedule: '30 2 * * *', timeZone: 'Europe/Madrid' }),
    'caught-up': dagOf('caught-up', { startDate: '2020-03-27', endDate: '2020-03-29', catchup: true }),
  };
  await synthesize({ outdir: assembly, pipelines, isHere: true });
}

let aws: EmbeddedAws;
let deployment: Deployment;
const told: string[] = [];
const scheduler = () =>
  new Scheduler({ embedded: aws, deployment, tell: (line) => void told.push(line), synthesize: synthesizeHere, file });

beforeAll(async () => {
  await synthesizeHere();
  aws = await startEmbeddedAws({ assembly, state });
  deployment = await readDeployment(embeddedAwsAt(aws.url), 'Sluice');
}, 300_000);
afterAll(async () => {
  await aws?.close();
  rmSync(folder, { recursive: true, force: true });
});

const runsOf = (dagId: string) => runIdsOf(deployment.store, dagId);
const settled = (dagId: string, runId: string) =>
  expect
    .poll(async () => (await readRecord(deployment.store, { dagId, runId }))?.record.state, { timeout: 60_000 })
    .toBe('success');

test('schedules fire at their times, in their zones, unless they are paused; missed ones and an edited file are noticed', async () => {
  const first = scheduler();
  await first.step(new Date('2020-03-28T12:00:00Z'));
  await settled('caught-up', '20200327T000000Z');
  await first.step(new Date('2020-03-28T12:00:01Z'));
  expect(told.splice(0)).toEqual([
    'caught-up 2020-03-27T00:00:00Z begins, to catch up',
    expect.stringMatching(/^caught-up 2020-03-27T00:00:00Z success, \d+s$/),
  ]);
  const { record } = (await readRecord(deployment.store, { dagId: 'caught-up', runId: '20200327T000000Z' })) ?? {};
  expect(record).toMatchObject({ kind: 'backfill' });

  // The clocks of Madrid skip 02:30 on the 29th.
  await pauseDag(deployment.store, 'utc', new Date('2020-03-28T13:00:00Z'));
  await first.step(new Date('2020-03-29T06:00:00Z'));
  await unpauseDag(deployment.store, 'utc', new Date('2020-03-29T07:00:00Z'));
  await settled('caught-up', '20200328T000000Z');
  expect([await runsOf('utc'), await runsOf('madrid')]).toEqual([[], []]);

  const restarted = scheduler();
  await restarted.step(new Date('2020-04-01T00:00:30Z'));
  await settled('utc', '20200331T000000Z');
  await settled('madrid', '20200330T003000Z');
  await settled('caught-up', '20200329T000000Z');
  expect(told).toContain('utc: 2 ticks were missed before that of 2020-04-01T00:00:00Z');
  const scheduled = await readRecord(deployment.store, { dagId: 'madrid', runId: '20200330T003000Z' });
  expect(scheduled?.record).toMatchObject({ kind: 'scheduled', dataInterval: { end: '2020-03-31T00:30:00Z' } });

  tasks = ['one', 'two'];
  await restarted.redeploy();
  expect(told).toContain('Deployed anew: utc, madrid, caught-up');
  await restarted.step(new Date('2020-04-02T00:00:00Z'));
  await settled('utc', '20200401T000000Z');
  const edited = await readRecord(deployment.store, { dagId: 'utc', runId: '20200401T000000Z' });
  expect(edited?.record.tasks).toEqual({ one: 'success', two: 'success' });
}, 600_000);
