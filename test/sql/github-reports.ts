/** The tables of github-to-redshift in a warehouse of its own, filled by a test, and the tasks that report on them. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { redshiftDialect } from '#lambdas/warehouse/engines/redshift/dialect.ts';
import { childShapes, createTable } from '#lambdas/warehouse/table-shape.ts';
import type { Run } from '#lib/contract/envelope.ts';
import { tableDeclaration } from '#lib/contract/table.ts';
import { reports, reportTable } from '#lib/pipelines/github-to-redshift/config.ts';
import { tables } from '#lib/pipelines/github-to-redshift/tables.ts';
import { identifier, literal, tableName, type Value } from '#lib/sql/quoting.ts';
import { handler } from '#tasks/warehouse-sql/handler.ts';
import { someRun } from '../worlds/events.ts';
import { openWarehouseAws, warehouse } from '../worlds/warehouse-aws.ts';

const ORGS = ['astronomerio', 'airflow-plugins'] as const;
export type Org = (typeof ORGS)[number];

const LOGICAL_DATE = '2026-11-19T00:00:00Z';

type PartOfRun = { readonly [F in keyof Run]?: Run[F] | undefined };

export type GithubReports = Awaited<ReturnType<typeof openGithubReports>>;

export async function openGithubReports() {
  const aws = await openWarehouseAws();
  aws.describeFunction(tables);
  cpSync(join(import.meta.dirname, '../../sql'), join(aws.dir, 'sql'), { recursive: true });

  const insert = async (table: string, row: Readonly<Record<string, Value>>) => {
    const columns = Object.keys(row).map(identifier).join(', ');
    const values = Object.values(row).map(literal).join(', ');
    await aws.sql(`INSERT INTO ${tableName(`github_data.${table}`)} (${columns}) VALUES (${values})`);
  };
  let ids = 3_000_000_000;
  return {
    ...aws,
    insert,
    /** The tables as they are declared, empty. */
    reset: async () => {
      await aws.sql('DROP SCHEMA IF EXISTS github_data CASCADE', 'CREATE SCHEMA github_data');
      const declared = tables.map((table) => tableDeclaration.parse(table));
      await aws.sql(
        ...declared
          .flatMap((table) => [table, ...childShapes(table)])
          .map((shape) => createTable(redshiftDialect, shape)),
      );
    },
    /** An issue of an organisation, as its load leaves it; gives its id. */
    issue: async (org: Org, fields: Readonly<Record<string, Value>> = {}): Promise<number> => {
      const id = ids++;
      await insert(`${org}_issues`, { id, number: 1, state: 'open', created_at: '2026-11-01 00:00:00', ...fields });
      return id;
    },
    /** Runs the task of a report for a logical date. */
    report: (name: keyof typeof reports, { logicalDate = LOGICAL_DATE, clearing = 1, ...run }: PartOfRun = {}) =>
      handler({
        run: { ...someRun(), logicalDate, clearing, ...run },
        task: { id: name, attempt: 1 },
        input: {
          connection: warehouse,
          file: `sql/github-to-redshift/${name}.sql`,
          table: { kind: 'table', dataset: reportTable(name) },
          params: { logical_date: logicalDate, time_zone: 'America/New_York' },
          relations: Object.fromEntries(
            reports[name].map((table) => [table, ORGS.map((org) => `github_data.${org}_${table}`)]),
          ),
        },
      }),
  };
}
