/**
 * A rate limit that an attempt of a run met and that is waited for outside of the Lambda. Until it ends no attempt of the
 * run asks over that connection: a source may ban a client that goes on asking while it is limited.
 */
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { Again } from '#lib/contract/errors.ts';
import type { Connection } from '#lib/contract/fields.ts';
import { readLimit } from '#lib/runs/rate-limit.ts';

/** The source said until when it is not to be asked. */
export class Limited extends Again {
  readonly until: Date;

  constructor(message: string, { until, ...options }: ErrorOptions & { readonly until: Date }) {
    super(message, options);
    this.until = until;
  }
}

/**
 * Gives what keeps a limit for the attempts to come. Of two kept at once the first stands, which is as good.
 * @throws Again where one that was kept has not ended
 */
export async function openLimit({ store, run }: Pick<TaskContext, 'store' | 'run'>, { connection }: Connection) {
  const limit = await readLimit(store, run, connection);
  if (limit.until && limit.until > new Date()) {
    const until = limit.until.toISOString();
    throw new Again(`The source limits the rate of connection '${connection}' until ${until}: it is not asked before.`);
  }
  return limit;
}
