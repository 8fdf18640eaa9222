import type { Mail } from '#lambdas/runtime/mail.ts';
import { Transient } from '#lib/contract/errors.ts';
import { isAlerted, markAlerted } from '#lib/runs/execution-pointer.ts';
import type { Executions } from '#lib/runs/executions.ts';
import { failedTasksOf } from '#lib/runs/run-record.ts';
import type { Store } from '#lib/runs/store.ts';
import { alertOf } from './alert.ts';
import { closeRun } from './close.ts';
import { mailOfWarnings } from './warnings.ts';

interface Deps {
  readonly store: Store;
  readonly executions: Executions;
  /** See `stackOption`. */
  readonly stack?: string | undefined;
  readonly publish: (mail: Mail) => Promise<void>;
}

/**
 * Everything that follows an execution's end. Each effect is done once, however often the event comes: the record is
 * closed once, the slot is freed once, and a mail leaves a mark. (A crash between mail and mark sends it twice.) A task
 * that failed is worth a mail also where the run succeeded.
 */
export async function endRun({ store, executions, stack, publish }: Deps, execution: string): Promise<void> {
  const ended = await executions.ended(execution);
  if (ended === undefined) return;
  if (ended === 'running') throw new Transient(`${execution} has not ended. The event came too early; it comes again.`);
  const record = await closeRun({ store, executions }, execution, ended);
  const isWhole = ended.status === 'SUCCEEDED' && failedTasksOf(record ?? {}).length === 0;
  if ((isWhole && !record?.warnings) || (await isAlerted(store, execution))) return;
  const mail = isWhole
    ? record && (await mailOfWarnings(store, record, stack))
    : alertOf({ execution, stack, ended, record, failures: await executions.failures(execution) });
  if (!mail) return;
  await publish(mail);
  await markAlerted(store, execution, new Date());
}
