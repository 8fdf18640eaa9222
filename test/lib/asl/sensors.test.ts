/** Sensors of a DAG as it is authored, compiled and run on virtual time, with the runtime's own rule for their looks. */

import { expect, test } from 'vitest';
import { afterLook } from '#lambdas/runtime/look.ts';
import { NotReady, Transient } from '#lib/contract/errors.ts';
import { Dag, text } from '#lib/dag/index.ts';
import { failuresOf, triesOf } from '#lib/runs/task-history.ts';
import { objects, pipeline, use } from '#sluice';
import { dateTimeSensor } from '#tasks/date-time-sensor/task.ts';
import { pipelineRunSensor } from '#tasks/pipeline-run-sensor/task.ts';
import { s3KeySensor } from '#tasks/s3-key-sensor/task.ts';
import { sqlSensor } from '#tasks/sql-sensor/task.ts';
import { execute, type Payload, RUN, statusesOf } from '../../worlds/machines.ts';
import { probe, to } from '../../worlds/probe.ts';

const hour = { pokeInterval: '10m', timeout: '1h' } as const;

/** file → rows, night and other (which fails softly), and behind them a task for each of three trigger rules. */
function dag() {
  const dag = new Dag('orders', { schedule: '@daily', startDate: '2026-01-01' });
  const key = text`orders/${dag.run.logicalDate}.csv`;
  const file = dag.task('file', s3KeySensor({ in: objects('partner', 'orders/'), key }), { ...hour, retries: 1 });
  const warehouse = use('redshift', 'warehouse');
  const params = { bytes: file.output.bytes };
  const rows = dag.task('rows', sqlSensor({ connection: warehouse, file: 'sql/orders/ready.sql', params }), hour);
  const night = dag.task('night', dateTimeSensor({ after: '5h' }), hour);
  const other = dag.task('other', pipelineRunSensor({ pipeline: pipeline('daily') }), { ...hour, softFail: true });
  for (const triggerRule of ['all_success', 'none_failed_min_one_success', 'all_done'] as const)
    dag.task(triggerRule, probe({ to }), { triggerRule }).after(rows, night, other);
  return dag.graph();
}

/** What a look gives, by the minutes since the first one; it may throw. */
type Look = (minutes: number, attempt: number) => unknown;
const from =
  (ready: number, output: object = {}): Look =>
  (minutes) => {
    if (minutes < ready) throw new NotReady('nothing there');
    return output;
  };
const never = from(Number.POSITIVE_INFINITY);

/** As `implement` does. */
const answering =
  (looks: Readonly<Record<string, Look>>) =>
  ({ task }: Payload, now: Date) => {
    const minutes = (now.getTime() - Date.parse(task.sensor?.since ?? '')) / 60_000;
    try {
      return looks[task.id]?.(minutes, task.attempt) ?? {};
    } catch (thrown) {
      const { name, message } = afterLook(thrown, task, now) as Error;
      throw { error: name, cause: JSON.stringify({ errorMessage: message }) };
    }
  };

const runOf = (looks: Readonly<Record<string, Look>>, takes?: number) =>
  execute(dag(), { answer: answering(looks), ...(takes !== undefined && { takes }) });
const callsOf = ({ calls }: { calls: Payload[] }, id: string) => calls.filter(({ task }) => task.id === id);

test('each sensor looks until it finds what it waits for, and what it gives can be taken', async () => {
  const run = await runOf({ file: from(25, { bytes: 7 }), night: from(60), other: from(10) });
  expect(run.status).toBe('SUCCEEDED');
  expect(new Set(Object.values(run.output))).toEqual(new Set(['success']));
  expect(['file', 'rows', 'night', 'other'].map((id) => callsOf(run, id).length)).toEqual([4, 1, 7, 2]);
  expect(callsOf(run, 'rows')[0]?.input).toMatchObject({ params: { bytes: 7 } });
  expect(callsOf(run, 'file')[0]?.input).toEqual({
    in: { bucket: 'partner', prefix: 'orders/' },
    key: `orders/${RUN.logicalDate}.csv`,
  });
});

test('one that fails softly is skipped when its time is up, and trigger rules decide what follows', async () => {
  const run = await runOf({ other: never });
  expect(run).toMatchObject({
    status: 'SUCCEEDED',
    output: { other: 'skipped', rows: 'success', all_done: 'success' },
  });
  expect(run.output).toMatchObject({ all_success: 'skipped', none_failed_min_one_success: 'success' });
  expect(callsOf(run, 'other')).toHaveLength(7);
  expect(failuresOf(run.events)).toEqual([]);
});

test('one that does not fails when its time is up, without the retries of its author', async () => {
  const run = await runOf({ file: never });
  expect(run.status).toBe('FAILED');
  expect(statusesOf(run)).toMatchObject({
    file: 'failed',
    rows: 'upstream_failed',
    all_success: 'upstream_failed',
    none_failed_min_one_success: 'upstream_failed',
    all_done: 'success',
  });
  expect(failuresOf(run.events)).toMatchObject([
    { task: 'file', error: 'Sluice.SensorTimeout', cause: 'not there after 7 looks in 1h: nothing there' },
  ]);
});

test('the timeout is over all attempts, however long each look takes', async () => {
  const run = await runOf({ file: never, night: never, other: never }, 600);
  const looks = triesOf(run.events).filter(({ task }) => task === 'night');
  expect(looks.at(-1)?.cause).toBe('not there after 4 looks in 1h 10m: nothing there');
  expect(looks).toHaveLength(4);
});

test('a look that fails is tried again as its author says, and the time goes on', async () => {
  const broken: Look = (minutes, attempt) => {
    if (attempt === 3) throw new Transient('reset');
    return from(31, { bytes: 1 })(minutes, attempt);
  };
  const run = await runOf({ file: broken });
  expect(run.output).toMatchObject({ file: 'success' });
  const states = triesOf(run.events).filter(({ task }) => task === 'file');
  expect(states.map(({ state }) => state)).toEqual(['waiting', 'waiting', 'failed', 'waiting', 'success']);
});
