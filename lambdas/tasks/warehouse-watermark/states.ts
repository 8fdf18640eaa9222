/** What the warehouse says of tables: their shape, and the loads of earlier dates. */

import { createBookkeeping } from '#lambdas/warehouse/bookkeeping.ts';
import type { Row } from '#lambdas/warehouse/session.ts';
import { childShapes, drifts } from '#lambdas/warehouse/table-shape.ts';
import type { Warehouse } from '#lambdas/warehouse/warehouse.ts';
import type { Run } from '#lib/contract/envelope.ts';
import type { TableDeclaration } from '#lib/contract/table.ts';
import { isLatest } from '#lib/runs/ledger.ts';
import type { Store } from '#lib/runs/store.ts';
import { literal } from '#lib/sql/quoting.ts';
import { runIdOf } from '#lib/time/run-id.ts';
import type { TableState } from './decision.ts';

type OfRun = Pick<Run, 'dagId' | 'logicalDate'>;

interface Deps {
  readonly warehouse: Warehouse;
  readonly store: Store;
}

export async function statesOf(
  { warehouse, store }: Deps,
  run: OfRun,
  tables: readonly TableDeclaration[],
): Promise<TableState[]> {
  const shapes = tables.map((table) => [table, ...childShapes(table)]);
  const found = await drifts(warehouse, shapes.flat());
  const fitting = new Set(
    found.filter(({ additions, problems }) => additions.length + problems.length === 0).map(({ shape }) => shape),
  );
  const names = tables.map(({ name }) => name);
  const loads = found.length === 0 ? [] : await earlierLoads(warehouse, run, names);
  return Promise.all(
    names.map(async (table, at) => {
      const load = loads.find((row) => row['table_name'] === table);
      const loaded = instant(load?.['loaded']);
      const of = loaded === undefined ? undefined : { dagId: run.dagId, runId: runIdOf(new Date(loaded)) };
      return {
        table,
        isAsDeclared: shapes[at]?.every((shape) => fitting.has(shape)) ?? false,
        loaded,
        isClearedSince: of !== undefined && !(await isLatest(store, of, loadOf(load))),
        whole: instant(load?.['whole']),
      };
    }),
  );
}

/**
 * By the run's DAG, for dates before the run's. A load that appends says nothing of what the source has, nor does one
 * whose rows another DAG has replaced since.
 */
async function earlierLoads(warehouse: Warehouse, { dagId, logicalDate }: OfRun, tables: readonly string[]) {
  await warehouse.run({
    doing: 'Creating the tables of schema sluice where absent',
    sqls: createBookkeeping(warehouse.dialect),
  });
  const wholes = `mode IN ('rebuild', 'truncate')`;
  const named = `table_name IN (${tables.map(literal).join(', ')})`;
  return warehouse.query({
    doing: `Reading how far ${tables.join(', ')} are loaded`,
    sql: `SELECT own.table_name, MAX(own.logical_date) AS loaded,
            MAX(CASE WHEN own.newest = 1 THEN own.clearing END) AS clearing,
            MAX(CASE WHEN own.newest = 1 THEN own.task_id END) AS task,
            MAX(CASE WHEN own.${wholes} THEN own.logical_date END) AS whole
          FROM (SELECT table_name, mode, logical_date, loaded_at, clearing, task_id,
            ROW_NUMBER() OVER (PARTITION BY table_name ORDER BY logical_date DESC, clearing DESC) AS newest
            FROM sluice.loads WHERE dag_id = :sluice_dag AND ${named} AND mode <> 'append'
            AND logical_date < CAST(:sluice_date AS timestamp)) AS own
          LEFT JOIN (SELECT table_name, MAX(loaded_at) AS replaced_at FROM sluice.loads
            WHERE dag_id <> :sluice_dag AND ${named} AND ${wholes} GROUP BY table_name) AS others
            ON others.table_name = own.table_name
          WHERE others.replaced_at IS NULL OR own.loaded_at > others.replaced_at GROUP BY own.table_name`,
    parameters: { sluice_dag: dagId, sluice_date: logicalDate.replace('T', ' ').replace('Z', '') },
  });
}

const loadOf = (load: Row | undefined) => ({
  task: { id: String(load?.['task']), attempt: 1 },
  clearing: Number(load?.['clearing']),
});

/** As runs have it: `2026-11-19T00:00:00Z`. */
const instant = (timestamp: Row[string] | undefined): string | undefined =>
  typeof timestamp === 'string' ? `${timestamp.slice(0, 19).replace(' ', 'T')}Z` : undefined;
