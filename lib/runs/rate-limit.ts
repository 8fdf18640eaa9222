/** When a rate limit ends that a run met over a connection. Of two kept at once the first stands, which is as good. */
import * as z from 'zod';
import type { Run } from '#lib/contract/envelope.ts';
import { documents } from './document.ts';
import { limitKey } from './keys.ts';
import type { Store } from './store.ts';

const limits = documents({
  name: 'the rate limit',
  schema: z.object({ until: z.iso.datetime() }),
  remedy: 'Remove the object: the source is asked again.',
});

interface FoundLimit {
  /** Undefined where the run met none. */
  readonly until: Date | undefined;
  keep(until: Date): Promise<void>;
}

export async function readLimit(
  store: Store,
  run: Pick<Run, 'dagId' | 'runId' | 'clearing'>,
  connection: string,
): Promise<FoundLimit> {
  const key = limitKey(run, connection);
  const found = await limits.read(store, key);
  return {
    until: found && new Date(found.value.until),
    keep: async (until) => {
      const value = { until: until.toISOString() };
      await (found ? limits.replace(store, key, { ...found, value }) : limits.create(store, key, value));
    },
  };
}
