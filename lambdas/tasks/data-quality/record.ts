/** What checks found, as it is kept in the warehouse. */
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { OF_THIS_TASK, workOf, workParameters } from '#lambdas/warehouse/claims.ts';
import type { Warehouse } from '#lambdas/warehouse/warehouse.ts';
import { literal } from '#lib/sql/quoting.ts';
import type { BoundCheck } from './query.ts';

export interface Finding extends BoundCheck {
  readonly offending: number;
  /** Some of the offending rows, as JSON. */
  readonly sample: readonly string[];
  readonly outcome: 'passed' | 'warned' | 'failed';
}

export function outcomeOf({ severity, threshold }: BoundCheck, offending: number): Finding['outcome'] {
  if (offending <= threshold) return 'passed';
  return severity === 'fail' ? 'failed' : 'warned';
}

/** One row a run, task and check, of the task's last time in that run. Instants are UTC. */
const QUALITY = `CREATE TABLE IF NOT EXISTS sluice.quality (
  dag_id varchar(256) NOT NULL,
  run_id varchar(64) NOT NULL,
  task_id varchar(512) NOT NULL,
  clearing int4 NOT NULL,
  logical_date timestamp NOT NULL,
  check_name varchar(1024) NOT NULL,
  severity varchar(8) NOT NULL,
  threshold int8 NOT NULL,
  offending int8 NOT NULL,
  outcome varchar(8) NOT NULL,
  sample varchar(16384),
  checked_at timestamp NOT NULL
)`;

export async function record(
  warehouse: Pick<Warehouse, 'run' | 'dialect'>,
  { run, task }: Pick<TaskContext, 'run' | 'task'>,
  findings: readonly Finding[],
): Promise<void> {
  const work = workOf(run, task);
  const of = [work.dagId, work.runId, work.task, work.clearing, run.logicalDate.replace('T', ' ').replace('Z', '')];
  const rows = findings.map(({ name, severity, threshold, offending, outcome, sample }) => {
    const found = [name, severity, threshold, offending, outcome, sample.join('\n') || null];
    return `(${[...of, ...found].map(literal).join(', ')}, ${warehouse.dialect.now})`;
  });
  await warehouse.run({
    doing: `Recording what the checks of '${work.task}' found`,
    sqls: [warehouse.dialect.createSchema('sluice'), QUALITY],
  });
  await warehouse.run({
    doing: `Recording what the checks of '${work.task}' found`,
    sqls: [
      `DELETE FROM sluice.quality WHERE ${OF_THIS_TASK}`,
      ...chunksOf(rows).map(
        (some) =>
          'INSERT INTO sluice.quality (dag_id, run_id, task_id, clearing, logical_date, check_name, severity, ' +
          `threshold, offending, outcome, sample, checked_at) VALUES ${some.join(', ')}`,
      ),
    ],
    parameters: workParameters(work),
  });
}

/** The Data API takes 100 kB a statement, and a finding has 20 kB at the most. */
const ROWS_OF_AN_INSERT = 5;

const chunksOf = (rows: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(rows.length / ROWS_OF_AN_INSERT) }, (_, nth) =>
    rows.slice(nth * ROWS_OF_AN_INSERT, (nth + 1) * ROWS_OF_AN_INSERT),
  );
