/** Who has how many open issues, as assignments come and go with what GitHub says of an issue, and with what it omits. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Table } from '#lib/contract/table.ts';
import { tables } from '#lib/pipelines/github-to-redshift/tables.ts';
import { handler } from '#tasks/warehouse-sql/handler.ts';
import { dayOf, type Loading, openLoading } from '../worlds/loading.ts';
import { warehouse } from '../worlds/warehouse-aws.ts';

const ISSUES = tables[0] as Table;
const CHILDREN = (ISSUES.children ?? []).map(({ name }) => name);
const ASSIGNEES = CHILDREN.find((name) => name.endsWith('_issue_assignees')) ?? '';

let loading: Loading;
beforeAll(async () => {
  loading = await openLoading(ISSUES);
  loading.aws.describeFunction(tables);
  cpSync(join(import.meta.dirname, '../../sql'), join(loading.aws.dir, 'sql'), { recursive: true });
});
afterAll(() => loading.aws.close());
beforeEach(() => loading.clear(ISSUES.name, ...CHILDREN, 'github_data.open_issue_count'));

const ann = { id: 1, login: 'ann' };
const bo = { id: 2, login: 'bo' };

/** What the issue is like on a day, as GitHub tells it. */
const issue = (day: number, rest: object) => ({
  id: 2_806_945_628,
  number: 7,
  title: 'it breaks',
  state: 'open',
  created_at: '2026-11-01T00:00:00Z',
  updated_at: `2026-11-${String(day).padStart(2, '0')}T00:00:00Z`,
  ...rest,
});

/** Open issues by assignee after the day's run. */
async function countAfter(day: number, ...records: object[]): Promise<Record<string, unknown>> {
  const run = dayOf(day);
  await loading.pass(run, 'upsert', records);
  await handler({
    run,
    task: { id: 'open_issue_count', attempt: 1 },
    input: {
      connection: warehouse,
      file: 'sql/github-to-redshift/open_issue_count.sql',
      table: { kind: 'table', dataset: 'github_data.open_issue_count' },
      params: { logical_date: run.logicalDate, time_zone: 'America/New_York' },
      relations: { issues: [ISSUES.name], issue_assignees: [ASSIGNEES] },
    },
  });
  const rows = await loading.aws.query(
    `SELECT login, "count" AS n FROM github_data.open_issue_count
     WHERE logical_date = '${run.logicalDate.slice(0, 10)}' ORDER BY login`,
  );
  return Object.fromEntries(rows.map(({ login, n }) => [login, n]));
}
const assignee = () => loading.aws.query(`SELECT assignee_id FROM ${ISSUES.name}`);

test('assigned, reassigned, unassigned: the count moves', async () => {
  expect(await countAfter(1, issue(1, { assignee: ann, assignees: [ann] }))).toEqual({ ann: 1 });
  expect(await countAfter(2, issue(2, { assignee: ann, assignees: [ann, bo] }))).toEqual({ ann: 1, bo: 1 });
  expect(await countAfter(3, issue(3, { assignee: bo, assignees: [bo] }))).toEqual({ bo: 1 });
  expect(await countAfter(4, issue(4, { assignee: null, assignees: [] }))).toEqual({ '(unassigned)': 1 });
  expect(await assignee()).toEqual([{ assignee_id: null }]);
});

test('an answer of before there were lists moves it too; one that says nothing of assignees does not', async () => {
  expect(await countAfter(1, issue(1, { assignee: ann }))).toEqual({ ann: 1 });
  expect(await countAfter(2, issue(2, {}))).toEqual({ ann: 1 });
  expect(await assignee()).toEqual([{ assignee_id: 1 }]);
  expect(await countAfter(3, issue(3, { assignee: null }))).toEqual({ '(unassigned)': 1 });
  expect(await countAfter(4)).toEqual({ '(unassigned)': 1 });
});

test('an older answer that comes late does not bring an assignment back', async () => {
  await countAfter(3, issue(3, { assignee: null, assignees: [] }));
  expect(await countAfter(4, issue(2, { assignee: ann, assignees: [ann] }))).toEqual({ '(unassigned)': 1 });
});
