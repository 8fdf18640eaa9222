import { expect, test } from 'vitest';
import { compiled, execute, graphOf, statusesOf } from '../../worlds/machines.ts';

const sensor = (softFail = false, retries = 0) =>
  graphOf([
    { id: 'look', retries, sensor: { pokeSeconds: 60, timeoutSeconds: 600, softFail } },
    { id: 'next', upstream: ['look'] },
  ]);
const after =
  (looks: number, error = 'Sluice.NotReady') =>
  ({ task }: { task: { id: string; attempt: number } }) => {
    if (task.id === 'look' && task.attempt <= looks) throw { error, cause: '{}' };
    return {};
  };

test('a sensor looks at its interval until it finds what it waits for', async () => {
  const run = await execute(sensor(), { answer: after(7) });
  expect(run.status).toBe('SUCCEEDED');
  expect(run.calls.filter(({ task }) => task.id === 'look')).toHaveLength(8);
  const [first, last] = [run.events[0], run.events.at(-1)].map((event) => event?.timestamp.getTime() ?? 0);
  expect(((last ?? 0) - (first ?? 0)) / 1000).toBe(7 * 60);
});

test('a sensor whose time is up fails, or is skipped where its author says so', async () => {
  const failed = await execute(sensor(), { answer: after(1000) });
  expect(statusesOf(failed)).toEqual({ look: 'failed', next: 'upstream_failed' });
  expect(failed.calls).toHaveLength(12);
  const skipped = await execute(sensor(true), { answer: after(1000) });
  expect(skipped).toMatchObject({ status: 'SUCCEEDED', output: { look: 'skipped', next: 'skipped' } });
});

test('its Lambda is told since when it looks, over all attempts, and ends the looking', async () => {
  const run = await execute(sensor(false, 3), {
    answer: ({ task }) => {
      throw { error: `Sluice.${task.attempt < 3 ? 'NotReady' : 'SensorTimeout'}`, cause: '{}' };
    },
  });
  expect(statusesOf(run)).toEqual({ look: 'failed', next: 'upstream_failed' });
  const entered = run.events.find(({ stateEnteredEventDetails: state }) => state?.['name'] === 'look')?.timestamp;
  const told = { since: entered?.toISOString(), timeoutSeconds: 600, softFail: false };
  expect(run.calls.map(({ task }) => task.sensor)).toEqual([told, told, told]);
});

test('looks do not use up the retries of a real failure', async () => {
  const failing = (failures: number) =>
    execute(sensor(false, 2), {
      answer: ({ task }) => {
        if (task.id !== 'look' || task.attempt > 5 + failures) return {};
        throw { error: task.attempt <= 5 ? 'Sluice.NotReady' : 'Sluice.Transient', cause: '{}' };
      },
    });
  expect(statusesOf(await failing(2))).toEqual({ look: 'success', next: 'success' });
  expect(statusesOf(await failing(3))).toEqual({ look: 'failed', next: 'upstream_failed' });
});

test('a sensor that fails for another reason fails, soft or not, after the retries that its author gave it', async () => {
  const run = await execute(sensor(true, 1), { answer: after(1000, 'Sluice.Transient') });
  expect(statusesOf(run)).toEqual({ look: 'failed', next: 'upstream_failed' });
  expect(run.calls).toHaveLength(2);
});

test('looks count among the events of a run', () => {
  const often = graphOf([{ id: 'look', sensor: { pokeSeconds: 1, timeoutSeconds: 8000, softFail: false } }]);
  expect(() => compiled(often)).toThrow(
    'look: a run can reach 25829 events of 25000, 24008 of them by this task: let it look less often, or for a shorter time',
  );
});

test('a callback task waits for the answer to its token, which is its output', () => {
  const callback = { timeoutSeconds: 7200, heartbeatSeconds: 300 };
  const machine = compiled(
    graphOf([
      { id: 'ask', callback },
      { id: 'next', upstream: ['ask'], input: { answer: { $ref: ['ask', 'by'] } } },
    ]),
  );
  expect(machine.States['ask']).toMatchObject({
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    TimeoutSeconds: 7200,
    HeartbeatSeconds: 300,
    Arguments: { Payload: { task: { id: 'ask', token: '{% $states.context.Task.Token %}' } } },
    Assign: { o_ask: '{% $states.result %}' },
  });
  const silent = compiled(graphOf([{ id: 'ask', callback: { ...callback, heartbeatSeconds: null } }]));
  expect(silent.States['ask']).not.toHaveProperty('HeartbeatSeconds');
});

test('the machine has a day, and the time that its sensors and callback tasks may wait', () => {
  const graph = graphOf([
    { id: 'look', sensor: { pokeSeconds: 60, timeoutSeconds: 600, softFail: false } },
    { id: 'ask', callback: { timeoutSeconds: 100_000, heartbeatSeconds: null } },
  ]);
  expect(compiled(graph).TimeoutSeconds).toBe(86_400 + 600 + 100_000);
});
