/** sql/github-to-redshift/open_issue_count.sql against the defects of the report that it replaces. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { literal, tableName } from '#lambdas/warehouse/quoting.ts';
import { childShapes, createTable } from '#lambdas/warehouse/table-shape.ts';
import type { Run } from '#lib/contract/envelope.ts';
import { tableDeclaration } from '#lib/contract/table.ts';
import { tables } from '#lib/pipelines/github-to-redshift/tables.ts';
import { handler } from '#tasks/redshift-sql/handler.ts';
import { someRun } from '../lambdas/events.ts';
import { openWarehouseAws, type WarehouseAws, warehouse } from '../lambdas/warehouse-aws.ts';

const ORGS = ['astronomerio', 'airflow-plugins'] as const;
type Org = (typeof ORGS)[number];
const FILE = 'sql/github-to-redshift/open_issue_count.sql';

let aws: WarehouseAws;
beforeAll(async () => {
  aws = await openWarehouseAws();
  aws.describeFunction(tables);
  cpSync(join(import.meta.dirname, '../../sql'), join(aws.dir, 'sql'), { recursive: true });
});
afterAll(() => aws.close());

beforeEach(async () => {
  await aws.sql('DROP SCHEMA IF EXISTS github_data CASCADE', 'CREATE SCHEMA github_data');
  const declared = tables.map((table) => tableDeclaration.parse(table));
  await aws.sql(...declared.flatMap((table) => [table, ...childShapes(table)]).map(createTable));
});

interface Issue {
  readonly state?: 'open' | 'closed';
  /** Set for a pull request. */
  readonly pull?: string;
  readonly assignees?: readonly [id: number, login: string][];
}
let ids = 3_000_000_000;

/** An issue of an organisation, as its load leaves it. */
async function issue(org: Org, { state = 'open', pull, assignees = [] }: Issue = {}): Promise<void> {
  const id = ids++;
  const values = [id, 1, state, '2026-11-01 00:00:00', pull ?? null, assignees[0]?.[0] ?? null].map(literal).join(', ');
  await aws.sql(
    `INSERT INTO ${tableName(`github_data.${org}_issues`)}
      (id, number, state, created_at, pull_request_url, assignee_id) VALUES (${values})`,
    ...assignees.map(
      ([assignee, login]) =>
        `INSERT INTO ${tableName(`github_data.${org}_issue_assignees`)} (issue_id, id, login)
          VALUES (${id}, ${assignee}, ${literal(login)})`,
    ),
  );
}

const ann: [number, string] = [5_000_000_001, 'ann'];
const bo: [number, string] = [5_000_000_002, 'bo'];

/** Runs the task for a logical date. */
const transform = (logicalDate = '2026-11-19T00:00:00Z', clearing = 1, more: Partial<Run> = {}) =>
  handler({
    run: { ...someRun(), logicalDate, clearing, ...more },
    task: { id: 'open_issue_count', attempt: 1 },
    input: {
      connection: warehouse,
      file: FILE,
      params: { logical_date: logicalDate, time_zone: 'America/New_York' },
      relations: {
        issues: ORGS.map((org) => `github_data.${org}_issues`),
        issue_assignees: ORGS.map((org) => `github_data.${org}_issue_assignees`),
      },
    },
  });

const counts = async () => {
  const rows = await aws.query('SELECT login, "count" AS n FROM github_data.open_issue_count ORDER BY login');
  return Object.fromEntries(rows.map(({ login, n }) => [login, n]));
};
const times = () =>
  aws.query(`SELECT DISTINCT CAST("timestamp" AS varchar) AS local, CAST(logical_date AS varchar) AS utc
    FROM github_data.open_issue_count ORDER BY utc`);

test('a) equal counts of two organisations add up', async () => {
  await issue('astronomerio', { assignees: [ann] });
  await issue('airflow-plugins', { assignees: [ann] });
  await transform();
  expect(await counts()).toEqual({ ann: 2 });
});

test.each([
  ['2026-11-19T00:00:00Z', '2026-11-18 19:00:00'],
  ['2026-07-19T00:00:00Z', '2026-07-18 20:00:00'],
])('b) the time of %s is %s in New York: its daylight saving is kept', async (logicalDate, local) => {
  await issue('astronomerio');
  await transform(logicalDate);
  expect(await times()).toEqual([{ local, utc: logicalDate.replace('T', ' ').replace('Z', '') }]);
});

test('c) pull requests and closed issues are not counted', async () => {
  await issue('astronomerio', { assignees: [ann] });
  await issue('astronomerio', { assignees: [ann], pull: 'https://api.github.com/repos/a/b/pulls/1' });
  await issue('astronomerio', { assignees: [ann], state: 'closed' });
  await transform();
  expect(await counts()).toEqual({ ann: 1 });
});

test('d) ids beyond 32 bits find their issues', async () => {
  await issue('airflow-plugins', { assignees: [[5_000_000_003, 'big']] });
  await transform();
  expect(await counts()).toEqual({ big: 1 });
});

test('e) an issue counts once under each assignee, members or not; without one it is unassigned', async () => {
  await aws.sql(`INSERT INTO github_data.astronomerio_members (id, login) VALUES (${ann[0]}, 'ann')`);
  await issue('astronomerio', { assignees: [ann, bo] });
  await issue('astronomerio', { assignees: [bo] });
  await issue('astronomerio');
  await issue('airflow-plugins');
  expect(await transform()).toEqual({ rows: 3 });
  expect(await counts()).toEqual({ '(unassigned)': 2, ann: 1, bo: 2 });
});

test('e) who is renamed while the lists are fetched stays one person', async () => {
  await issue('astronomerio', { assignees: [ann] });
  await issue('airflow-plugins', { assignees: [[ann[0], 'anna']] });
  await transform();
  expect(await counts()).toEqual({ anna: 2 });
});

test('f) each logical date keeps its rows, and a rerun replaces its own', async () => {
  await issue('astronomerio', { assignees: [ann] });
  await transform('2026-11-18T00:00:00Z');
  await issue('astronomerio', { assignees: [ann] });
  await transform('2026-11-19T00:00:00Z');
  await transform('2026-11-19T00:00:00Z', 2);
  expect(await aws.query('SELECT login, "count" AS n FROM github_data.open_issue_count ORDER BY logical_date')).toEqual(
    [
      { login: 'ann', n: 1 },
      { login: 'ann', n: 2 },
    ],
  );
});

test('f) a transform that fails leaves the rows that readers see', async () => {
  await issue('astronomerio', { assignees: [ann] });
  await transform();
  await aws.sql('DROP TABLE github_data."airflow-plugins_issues"');
  await expect(transform('2026-11-19T00:00:00Z', 2)).rejects.toMatchObject({ name: 'Sluice.Terminal' });
  expect(await counts()).toEqual({ ann: 1 });
});

/** What the guard reads of the record of a load. */
const recordLoad = (table: string, logicalDate: string, mode: string) =>
  aws.sql(`INSERT INTO sluice.loads VALUES (${[table, logicalDate, mode].map(literal).join(', ')})`);

test('a date that is older than what a table holds is not counted from it: its rows stay as they were', async () => {
  await issue('astronomerio', { assignees: [ann] });
  await transform();
  await issue('astronomerio', { assignees: [ann] });
  await aws.sql(
    'DROP TABLE sluice.loads',
    'CREATE TABLE sluice.loads (table_name varchar(256), logical_date timestamp, mode varchar(16))',
  );
  try {
    await recordLoad('github_data.astronomerio_issues', '2026-11-20 00:00:00', 'append');
    await transform('2026-11-19T00:00:00Z', 2);
    expect(await counts()).toEqual({ ann: 2 });

    await issue('astronomerio', { assignees: [ann] });
    await recordLoad('github_data.airflow-plugins_issue_assignees', '2026-11-20 00:00:00', 'rebuild');
    await expect(transform('2026-11-19T00:00:00Z', 3)).rejects.toMatchObject({
      name: 'Sluice.NoSnapshot',
      message:
        `Running ${FILE} for 2026-11-19T00:00:00Z: "github_data"."airflow-plugins_issue_assignees", which it reads, ` +
        'holds a newer logical date. Nothing was run.',
    });
    const fromRaw = { fromRaw: true } as const;
    expect(await transform('2026-11-19T00:00:00Z', 4, fromRaw)).toEqual({ rows: 0, superseded: true });
    expect(await counts()).toEqual({ ann: 2 });
    await transform('2026-11-20T00:00:00Z');
  } finally {
    await aws.sql('DROP TABLE sluice.loads');
  }
});
