import { expect, test } from 'vitest';
import { alertOf } from '#lambdas/run/alert.ts';
import { failuresOf } from '#lib/contract/task-history.ts';
import { execute, graphOf, type Payload } from '../../lib/asl/machines.ts';

const execution = 'arn:aws:states:us-east-1:000000000000:execution:Sluice-daily:1';
const ended = { status: 'FAILED', stoppedAt: '2026-11-20T10:05:00Z' } as const;

const waits = { pokeSeconds: 60, timeoutSeconds: 600, softFail: false };
const graph = graphOf([
  { id: 'file', sensor: waits },
  { id: 'extra', sensor: { ...waits, softFail: true } },
  { id: 'broken' },
]);

/** As the runtime does: looks find nothing until the time is up. */
function answer({ task: { id, attempt, sensor } }: Payload) {
  const error = (name: string, errorMessage: string) => ({ error: name, cause: JSON.stringify({ errorMessage }) });
  if (id === 'broken') throw error('Sluice.Terminal', 'no such org');
  if (attempt < 11) throw error('Sluice.NotReady', 'nothing there');
  throw error(sensor?.softFail ? 'Sluice.Skipped' : 'Sluice.SensorTimeout', 'not there after 11 looks in 10m: nothing');
}

test('the mail lists what failed: a sensor once, with its looks, and not one that was skipped for its time being up', async () => {
  const { events } = await execute(graph, { answer });
  const failures = { tries: failuresOf(events), maps: [] };
  const { message } = alertOf({ execution, ended, record: undefined, failures });
  const listed = message.split('\n').filter((line) => line.startsWith('- '));
  expect(listed.toSorted()).toEqual([
    '- broken, attempt 1: Sluice.Terminal: no such org',
    '- file, attempt 11: Sluice.SensorTimeout: not there after 11 looks in 10m: nothing',
  ]);
});
