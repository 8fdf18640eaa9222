import { implement } from '#lambdas/runtime/implement.ts';
import { declaredTable } from '#lambdas/runtime/pipeline-file.ts';
import { openWarehouse } from '#lambdas/warehouse/engines/index.ts';
import { Terminal } from '#lib/contract/errors.ts';
import { earlierOutput } from '#lib/runs/ledger.ts';
import { decide } from './decision.ts';
import { statesOf } from './states.ts';
import { warehouseWatermark } from './task.ts';

export const handler = implement(warehouseWatermark, async (input, context) => {
  const { connection, tables, fullEveryDays, full = false } = input;
  const { environment, run, task, store, log } = context;
  if (run.fromRaw) {
    // The raw is what that decision had the extracts ask for.
    const earlier = warehouseWatermark.type.output.parse(await earlierOutput(store, run, task));
    if (!full || earlier.mode === 'rebuild') return earlier;
    throw new Terminal(
      `Task '${task.id}' is asked for a full pass, but the run of ${run.logicalDate} goes from its raw, which holds only ` +
        `what changed since ${earlier.since}. Leave full=true out, or run the newest date from its source.`,
    );
  }
  const declared = await Promise.all(tables.map((name) => declaredTable(environment, name)));
  const warehouse = await openWarehouse(context, connection);
  const states = await statesOf({ warehouse, store }, run, declared);
  const decision = decide({ logicalDate: run.logicalDate, fullEveryDays, full }, states);
  log.info('decided', { ...decision });
  return decision;
});
