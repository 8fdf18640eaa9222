/** Whose sources a run reads that is begun more than once. */
import { expect, test } from 'vitest';
import { claimRun } from '#lambdas/run/claim.ts';
import type { ExecutionInput } from '#lib/contract/begin-event.ts';
import type { Executions } from '#lib/runs/executions.ts';
import type { Store } from '#lib/runs/store.ts';

const sourcesOf = (port: number) => ({
  hub: { secret: `Sluice/runs/${port}/hub`, baseUrl: `http://127.0.0.1:${port}` },
});

/** A store in memory, as far as begin needs it. */
function openRuns() {
  const objects = new Map<string, { value: unknown; etag: string }>();
  let writes = 0;
  const write = (key: string, value: unknown) => {
    const etag = String(writes++);
    objects.set(key, { value: structuredClone(value), etag });
    return { written: true, etag };
  };
  const store = {
    read: async (key: string) => objects.get(key),
    create: async (key: string, value: unknown) => (objects.has(key) ? { written: false } : write(key, value)),
    replace: async (key: string, value: unknown) => write(key, value),
    list: async () => [],
    folders: async () => [],
  } as unknown as Store;
  const ended = async () => ({ status: 'ABORTED', stoppedAt: '2026-11-20T01:00:00Z' });
  const executions = { ended } as unknown as Pick<Executions, 'ended'>;
  const pipeline = {
    dagId: 'd',
    schedule: '0 0 * * *',
    timeZone: 'UTC',
    startDate: '2020-01-01',
    maxActiveRuns: 1,
    snapshot: false,
    tasks: [],
  };
  return (execution: string, input: ExecutionInput) =>
    claimRun(
      { store, executions, now: () => new Date('2026-11-20T00:00:00Z') },
      {
        execution: `arn:aws:states:r:0:execution:m:${execution}`,
        startTime: '2026-11-20T00:00:00Z',
        input: { logicalDate: '2026-11-19', ...input },
        pipeline,
      },
    );
}

test('a run carries the sources that its execution was started with', async () => {
  const begin = openRuns();
  expect(await begin('a', { sources: sourcesOf(1) })).toMatchObject({ sources: sourcesOf(1) });
  expect(await openRuns()('a', {})).not.toHaveProperty('sources');
});

test('who takes an open run over goes on with its sources, and brings none of its own', async () => {
  const begin = openRuns();
  await begin('a', { sources: sourcesOf(1) });
  expect(await begin('b', { sources: sourcesOf(2) })).toMatchObject({ sources: sourcesOf(1) });
  expect(await begin('c', {})).toMatchObject({ sources: sourcesOf(1) });
  const plain = openRuns();
  await plain('a', {});
  expect(await plain('b', { sources: sourcesOf(2) })).not.toHaveProperty('sources');
});

test('a run whose tasks are cleared reads the sources that it is started with now', async () => {
  const begin = openRuns();
  await begin('a', { sources: sourcesOf(1) });
  expect(await begin('b', { clear: 'all', sources: sourcesOf(2) })).toMatchObject({
    clearing: 2,
    sources: sourcesOf(2),
  });
  expect(await begin('c', { clear: 'all' })).not.toHaveProperty('sources');
});
