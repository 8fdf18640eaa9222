/** Extracts and loads as a pipeline does them one after the other, each under a logical date of its own. */
import { openAttempt } from '#lambdas/lake/attempt.ts';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { logger } from '#lambdas/runtime/log.ts';
import { openServices } from '#lambdas/runtime/services.ts';
import type { Mode } from '#lambdas/warehouse/plan.ts';
import type { Run } from '#lib/contract/envelope.ts';
import type { Extracted } from '#lib/contract/extracted.ts';
import type { Table } from '#lib/contract/table.ts';
import { handler } from '#tasks/s3-to-warehouse/handler.ts';
import { someRun } from './events.ts';
import { openWarehouseAws, warehouse } from './warehouse-aws.ts';

const FETCHED = '2026-11-19T06:00:00Z';

/** By what task, or item of it, an extract is made, and what it asked for. */
interface Asked {
  readonly id?: string;
  readonly index?: number;
  readonly since?: string;
}

export type Loading = Awaited<ReturnType<typeof openLoading>>;

/** A warehouse with nothing in it but what loads into `table` make. */
export async function openLoading(table: Table) {
  const aws = await openWarehouseAws();
  aws.describeFunction([table]);
  const services = openServices();

  /** Records as a source gives them, in its order; with `since`, as it was asked for what changed. */
  const extract = async (run: Run, records: readonly object[], { since, ...by }: Asked = {}): Promise<Extracted> => {
    const task = { id: 'extract', attempt: 1, ...by };
    const context = { ...services, run, task, log: logger({ pipeline: 'p', run: run.runId }) };
    const attempt = await openAttempt(context as TaskContext, {
      kind: 'lake',
      dataset: 'records',
      table: table.name,
      since,
    });
    const bytes = records.map((record) => Buffer.from(JSON.stringify(record)));
    await attempt.add({ url: 'u', status: 200, fetchedAt: FETCHED }, bytes);
    return attempt.close();
  };
  const load = (run: Run, how: Mode | { mode: Mode; id: string }, from: Extracted | Extracted[]) => {
    const { mode, id } = typeof how === 'string' ? { mode: how, id: 'load' } : how;
    return handler({
      run,
      task: { id, attempt: 1 },
      input: { connection: warehouse, from, table: { kind: 'table', dataset: table.name }, mode },
    });
  };
  return {
    aws,
    extract,
    load,
    /** Extracts and loads in one run. */
    async pass(run: Run, mode: Mode, records: readonly object[]) {
      return load(run, mode, await extract(run, records));
    },
    /** What the load of a run has recorded, by table. */
    recorded: (run: Run) =>
      aws.query(`SELECT table_name, staged, inserted, updated, older, duplicates, deleted, total FROM sluice.loads
        WHERE dag_id = '${run.dagId}' AND run_id = '${run.runId}' ORDER BY clearing DESC, table_name`),
    clear: (...names: string[]) =>
      aws.sql(...[...names, 'sluice.loads', 'sluice.claims'].map((name) => `DROP TABLE IF EXISTS ${name}`)),
  };
}

/** The nth day's run, from 1. */
export function dayOf(nth: number, run = someRun()): Run {
  const day = (more: number) => `2026-11-${String(nth + more).padStart(2, '0')}T00:00:00Z`;
  return {
    ...run,
    runId: day(0).replaceAll(/[-:]/g, ''),
    logicalDate: day(0),
    dataInterval: { start: day(0), end: day(1) },
  };
}

export const cleared = (run: Run): Run => ({ ...run, clearing: run.clearing + 1 });
