import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { z } from 'zod';
import { implement, type TaskContext } from '#lambdas/runtime/implement.ts';
import { openWarehouse } from '#lambdas/warehouse/engines/index.ts';
import { bind } from '#lambdas/warehouse/script.ts';
import type { Session } from '#lambdas/warehouse/session.ts';
import { Terminal } from '#lib/contract/errors.ts';
import { datedKey, publishedKey, REPORT } from '#lib/runs/keys.ts';
import type { Chart } from './chart.ts';
import { csvOf, pageOf } from './page.ts';
import { htmlReport } from './task.ts';

export const handler = implement(htmlReport, async ({ connection, title, charts }, context) => {
  const { run } = context;
  refuseTwice(charts.map(({ name }) => name));
  const warehouse = await openWarehouse(context, connection);
  const drawn: Record<string, Chart> = {};
  for (const chart of charts) drawn[chart.name] = await chartWithRows(warehouse, chart, context);
  for (const [name, { rows }] of Object.entries(drawn)) {
    await publish(context, { name: `${name}.csv`, type: 'text/csv; charset=utf-8', text: csvOf(rows) });
  }
  const of = `${run.dagId}, logical date ${run.logicalDate}`;
  // The page is last: what it links to is there.
  await publish(context, {
    name: REPORT,
    type: 'text/html; charset=utf-8',
    text: pageOf({ title, charts: drawn, of }),
  });
  return { published: publishedKey(run.dagId, REPORT), charts: charts.length };
});

type ChartInput = z.output<typeof htmlReport.type.input>['charts'][number];

function refuseTwice(names: readonly string[]): void {
  const twice = names.find((name, n) => names.indexOf(name) < n);
  if (twice === undefined) return;
  throw new Terminal(`Two charts are named '${twice}', and their CSV would be one file. Give each a name of its own.`);
}

const MOST_ROWS = 1000;

async function chartWithRows(
  warehouse: Pick<Session, 'query'>,
  { title, kind, file, params }: ChartInput,
  { environment }: TaskContext,
): Promise<Chart> {
  const text = await readFile(join(environment.LAMBDA_TASK_ROOT, file), 'utf8');
  const { sqls, parameters } = bind({ sql: text, params, tables: [] });
  const [sql, ...more] = sqls;
  if (sql === undefined || more.length > 0) throw new Terminal(`${file} is not one query. Write it as one.`);
  const rows = await warehouse.query({ doing: `Asking ${file}`, sql, parameters });
  if (rows.length <= MOST_ROWS) return { title, kind, rows };
  throw new Terminal(`${file} gives ${rows.length} rows, and a chart shows ${MOST_ROWS} at the most. Give it a LIMIT.`);
}

interface PublishedFile {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/** Each file is there as a whole or as it was before: one PUT for the copy of the date, and one for the fixed key. */
async function publish({ s3, environment, run }: TaskContext, { name, type, text }: PublishedFile): Promise<void> {
  for (const Key of [datedKey(run, name), publishedKey(run.dagId, name)]) {
    await s3.send(new PutObjectCommand({ Bucket: environment.SLUICE_BUCKET, Key, Body: text, ContentType: type }));
  }
}
