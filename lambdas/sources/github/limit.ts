/**
 * A rate limit that an attempt of a run met and that is waited for outside of the Lambda. Until it ends no attempt of the
 * run asks over that connection: GitHub may ban a client that goes on asking while it is limited.
 */
import * as z from 'zod';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { Again } from '#lib/contract/errors.ts';
import type { Connection } from '#lib/contract/fields.ts';
import { limitKey } from '#lib/runs/keys.ts';

const limit = z.object({ until: z.iso.datetime() });

/**
 * Gives what keeps a limit for the attempts to come. Of two kept at once the first stands, which is as good.
 * @throws Again where one that was kept has not ended
 */
export async function openLimit({ store, run }: Pick<TaskContext, 'store' | 'run'>, { connection }: Connection) {
  const key = limitKey(run, connection);
  const found = await store.read(key);
  const until = found && limit.parse(found.value).until;
  if (until !== undefined && new Date(until) > new Date()) {
    throw new Again(`GitHub limits the rate of connection '${connection}' until ${until}: it is not asked before.`);
  }
  return {
    keep: async (until: Date): Promise<void> => {
      const value = { until: until.toISOString() };
      await (found ? store.replace(key, value, found.etag) : store.create(key, value));
    },
  };
}
