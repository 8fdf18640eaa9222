import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { implement } from '#lambdas/runtime/implement.ts';
import { openWarehouse } from '#lambdas/warehouse/engines/index.ts';
import { bind } from '#lambdas/warehouse/script.ts';
import { Skipped, Terminal } from '#lib/contract/errors.ts';
import { literal } from '#lib/sql/quoting.ts';
import { evaluate } from './model.ts';
import { logisticRegression } from './task.ts';

const OF = 'model varchar(256) NOT NULL, logical_date timestamp NOT NULL';
const MEASURED = 'fitted int4 NOT NULL, held_out int4 NOT NULL, accuracy float8 NOT NULL, baseline float8 NOT NULL';
const TABLES = [
  `CREATE TABLE IF NOT EXISTS sluice.model_runs (${OF}, ${MEASURED})`,
  `CREATE TABLE IF NOT EXISTS sluice.model_scores (${OF}, id int8 NOT NULL, score float8 NOT NULL)`,
];
export const handler = implement(logisticRegression, async ({ connection, name, file, params }, context) => {
  const warehouse = await openWarehouse(context, connection);
  const text = await readFile(join(context.environment.LAMBDA_TASK_ROOT, file), 'utf8');
  const { sqls, parameters } = bind({ sql: text, params, tables: [] });
  if (sqls.length !== 1) throw new Terminal(`${file} is not one query. Write it as one.`);
  const rows = await warehouse.query({ doing: `Asking ${file}`, sql: sqls[0] ?? '', parameters });
  const of = [name, context.run.logicalDate.replace('T', ' ').replace('Z', '')].map(literal);
  const tuple = (row: readonly number[]) => `(${[...of, ...row].join(', ')})`;
  const record = (table: string, values: readonly (readonly number[])[]) => [
    `DELETE FROM sluice.${table} WHERE model = ${of[0]} AND logical_date = ${of[1]}`,
    ...(values.length === 0 ? [] : [`INSERT INTO sluice.${table} VALUES ${values.map(tuple).join(', ')}`]),
  ];
  const { measured, scores = [] } = evaluate(rows) ?? {};
  const recorded = [
    ...record('model_runs', measured ? [Object.values(measured)] : []),
    ...record('model_scores', scores),
  ];
  await warehouse.run({
    doing: `Recording the model '${name}'`,
    sqls: [warehouse.dialect.createSchema('sluice'), ...TABLES, ...recorded],
  });
  if (!measured)
    throw new Skipped(`${file}: of ${rows.length} rows too few have a known outcome to fit and to measure.`);
  context.log.info('the model is measured', { ...measured, beatsBaseline: measured.accuracy > measured.baseline });
  return { ...measured, scored: scores.length };
});
