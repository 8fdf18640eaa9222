import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { implement } from '#lambdas/runtime/implement.ts';
import { openWarehouse } from '#lambdas/warehouse/engines/index.ts';
import { bind } from '#lambdas/warehouse/script.ts';
import type { Row } from '#lambdas/warehouse/session.ts';
import { Skipped, Terminal } from '#lib/contract/errors.ts';
import { literal } from '#lib/sql/quoting.ts';
import { type Example, evaluate } from './model.ts';
import { logisticRegression } from './task.ts';

const TABLES = [
  'CREATE SCHEMA IF NOT EXISTS sluice',
  `CREATE TABLE IF NOT EXISTS sluice.model_runs (model varchar(256) NOT NULL, logical_date timestamp NOT NULL,
    fitted int4 NOT NULL, held_out int4 NOT NULL, accuracy float8 NOT NULL, baseline float8 NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS sluice.model_scores (model varchar(256) NOT NULL, logical_date timestamp NOT NULL,
    id int8 NOT NULL, score float8 NOT NULL)`,
];

export const handler = implement(logisticRegression, async ({ connection, name, file, params }, context) => {
  const warehouse = await openWarehouse(context, connection);
  const { sqls, parameters } = bind({
    sql: await readFile(join(context.environment.LAMBDA_TASK_ROOT, file), 'utf8'),
    params,
    tables: [],
  });
  const [sql, ...more] = sqls;
  if (sql === undefined || more.length > 0) throw new Terminal(`${file} is not one query. Write it as one.`);
  const rows = await warehouse.query({ doing: `Asking ${file}`, sql, parameters });
  const model = evaluate(rows.map(exampleOf));
  if (!model) throw new Skipped(`${file}: of ${rows.length} rows too few have a known outcome to fit and to measure.`);
  const { scores, ...measured } = model;
  const of = [name, context.run.logicalDate.replace('T', ' ').replace('Z', '')].map(literal);
  const values = (...fields: number[]) => `(${[...of, ...fields.map(literal)].join(', ')})`;
  const isOf = `WHERE model = ${of[0]} AND logical_date = ${of[1]}`;
  const { fitted, heldOut, accuracy, baseline } = measured;
  await warehouse.run({
    doing: `Recording the model '${name}'`,
    sqls: [
      ...TABLES,
      `DELETE FROM sluice.model_runs ${isOf}`,
      `INSERT INTO sluice.model_runs VALUES ${values(fitted, heldOut, accuracy, baseline)}`,
      `DELETE FROM sluice.model_scores ${isOf}`,
      ...(scores.length > 0
        ? [`INSERT INTO sluice.model_scores VALUES ${scores.map(({ id, score }) => values(id, score)).join(', ')}`]
        : []),
    ],
  });
  context.log.info(
    accuracy > baseline ? 'the model beats the baseline' : 'the model does not beat the baseline',
    measured,
  );
  return { ...measured, scored: scores.length };
});

function exampleOf({ id, outcome = null, held_out, ...features }: Row): Example {
  const known = outcome === null ? null : Number(outcome);
  return {
    id: Number(id),
    outcome: known,
    isHeldOut: Number(held_out) === 1,
    features: Object.values(features).map(Number),
  };
}
