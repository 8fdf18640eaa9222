/** Staging tables that no attempt drops any more: their load was killed, and its next claim has tables of other names. */
import { identifier } from '#lib/sql/quoting.ts';
import { type Claim, nameOf } from './claims.ts';
import type { Load } from './plan.ts';
import type { Row } from './session.ts';
import type { Warehouse } from './warehouse.ts';

/** What the bookkeeping says of a task, in all its runs. */
export interface History {
  readonly claims: readonly Claim[];
  /** Of which runs it has loaded in which clearing. */
  readonly loads: readonly Pick<Claim, 'runId' | 'clearing'>[];
  /** Whether a run can still load after a newer date was: where the task appends. */
  readonly isAppended: boolean;
}

/**
 * Drops the staging tables of the task's loads that are over, in any of its runs.
 * @param work a load that has ended well
 * @returns their names
 */
export async function dropLeftovers(warehouse: Warehouse, work: Load): Promise<string[]> {
  const doing = `Looking for staging tables left by earlier loads of ${work.declaration.name}`;
  const tables = await warehouse.query({
    doing,
    sql: `SELECT table_name FROM information_schema.tables
      WHERE table_schema = 'sluice' AND SUBSTRING(table_name, 1, 6) = 'stage_'`,
  });
  if (tables.length === 0) return [];
  const prefixes = overClaims(await historyOf(warehouse, doing, work)).map((claim) => `stage_${nameOf(claim)}_`);
  const names = tables.map((row) => String(row['table_name']));
  const left = names.filter((name) => prefixes.some((prefix) => name.startsWith(prefix)));
  if (left.length === 0) return [];
  const quoted = left.map((name) => `sluice.${identifier(name)}`);
  await warehouse.run({ doing: `Dropping ${left.join(', ')}`, sqls: [`DROP TABLE IF EXISTS ${quoted.join(', ')}`] });
  return left;
}

/**
 * Claims under which nothing can be loaded any more, as the guards of a load decide: it is loaded, a later claim took
 * over, or a newer date stands in the table.
 */
export function overClaims({ claims, loads, isAppended }: History): Claim[] {
  const newest =
    loads
      .map(({ runId }) => runId)
      .sort()
      .at(-1) ?? '';
  const isLater = (one: Claim, other: Claim) =>
    one.runId === other.runId && (one.clearing - other.clearing || one.n - other.n) > 0;
  return claims.filter(
    (claim) =>
      (!isAppended && claim.runId < newest) ||
      loads.some(({ runId, clearing }) => runId === claim.runId && clearing === claim.clearing) ||
      claims.some((other) => isLater(other, claim)),
  );
}

async function historyOf(warehouse: Warehouse, doing: string, { claim, mode }: Load): Promise<History> {
  const { dagId, task } = claim;
  const parameters = { sluice_dag: dagId, sluice_task: task };
  const ofTask = 'WHERE dag_id = :sluice_dag AND task_id = :sluice_task';
  const [claims, loads] = await Promise.all([
    warehouse.query({ doing, sql: `SELECT run_id, clearing, n FROM sluice.claims ${ofTask}`, parameters }),
    warehouse.query({ doing, sql: `SELECT DISTINCT run_id, clearing FROM sluice.loads ${ofTask}`, parameters }),
  ]);
  const clearingOf = (row: Row) => ({ runId: String(row['run_id']), clearing: Number(row['clearing']) });
  return {
    claims: claims.map((row) => ({ dagId, task, ...clearingOf(row), n: Number(row['n']) })),
    loads: loads.map(clearingOf),
    isAppended: mode === 'append',
  };
}
