/**
 * The pipeline over days on which GitHub changes: once by what changed since the day before, and once, as another
 * organisation of the same content, by a full pass each day. What both come to is held against each other.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Run } from '#lib/contract/envelope.ts';
import { type Config, reports } from '#lib/pipelines/github-to-redshift/config.ts';
import { githubToRedshift } from '#lib/pipelines/github-to-redshift/dag.ts';
import { tablesOf } from '#lib/pipelines/github-to-redshift/tables.ts';
import { type GitHub, startGitHub } from '#local/sources/github/index.ts';
import { carryOut } from '../../../worlds/carry-out.ts';
import { dayOf } from '../../../worlds/loading.ts';
import { setToken } from '../../../worlds/task-services.ts';
import { openWarehouseAws, USER_SECRET, type WarehouseAws } from '../../../worlds/warehouse-aws.ts';

const configOf = (org: string): Config => ({
  orgs: [{ org, credential: 'github' }],
  objects: [
    { object: 'issues', query: () => ({ state: 'all' }), mode: 'upsert' },
    { object: 'issue_comments', mode: 'upsert' },
    { object: 'commits', mode: 'rebuild' },
  ],
});
const GRAPHS = { acme: githubToRedshift(configOf('acme')).graph(), twin: githubToRedshift(configOf('twin')).graph() };
type Org = keyof typeof GRAPHS;

let aws: WarehouseAws;
let api: GitHub | undefined;
let source: string;
beforeAll(async () => {
  aws = await openWarehouseAws();
  source = join(aws.dir, 'github');
  aws.describeFunction([...tablesOf(configOf('acme')), ...tablesOf(configOf('twin'))]);
  cpSync(resolve(import.meta.dirname, '../../../../sql'), join(aws.dir, 'sql'), { recursive: true });
  const connections = { github: 'github-secret', warehouse: USER_SECRET };
  Object.assign(process.env, { SLUICE_CONNECTIONS: JSON.stringify(connections) });
});
afterAll(async () => {
  await api?.close();
  await aws.close();
});

const ann = { id: 1, login: 'ann' };
const bo = { id: 2, login: 'bo' };
const bug = { id: 11, name: 'bug', color: 'd73a4a' };
const before = '2026-10-20T08:00:00Z';
/** Noon of a day, when things change. */
const on = (day: number) => `2026-11-0${day}T12:00:00Z`;
const milestone = (change: object) => ({
  id: 21,
  number: 1,
  title: 'v1',
  state: 'open',
  updated_at: before,
  ...change,
});
const issue = (id: number, change: object = {}) => ({
  id,
  number: id,
  title: `issue ${id}`,
  state: 'open',
  created_at: before,
  updated_at: before,
  assignee: null,
  assignees: [],
  labels: [],
  milestone: null,
  ...change,
});
const comment = (id: number, change: object = {}) => ({
  id,
  body: 'first',
  created_at: before,
  updated_at: before,
  ...change,
});

type Objects = { issues?: object[]; issue_comments?: object[] };
/** What GitHub has of each organisation from now on, by repository. */
async function now(repositories: Record<string, Objects>): Promise<void> {
  rmSync(source, { recursive: true, force: true });
  for (const org of Object.keys(GRAPHS)) {
    for (const [name, objects] of Object.entries(repositories)) {
      mkdirSync(join(source, org, name), { recursive: true });
      for (const [kind, records] of Object.entries(objects)) {
        const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
        writeFileSync(join(source, org, name, `${kind}.ndjson`), lines);
      }
    }
  }
  const port = Number(new URL(api?.url ?? 'http://127.0.0.1:0').port);
  await api?.close();
  api = await startGitHub({ source, port });
  setToken(aws, 'any', api.url);
}

/** Carries the day's run out, and tells what the tables and the day's reports hold then. */
async function run(org: Org, day: number, change: Partial<Run> = {}) {
  const ofDay = { ...dayOf(day), dagId: org, ...change };
  const outputs = await carryOut(GRAPHS[org], ofDay);
  return { outputs, holds: { ...(await tables(org)), reports: await reported(ofDay.logicalDate) } as Held };
}
const NAMES = ['issues', 'issue_assignees', 'issue_labels', 'issue_milestones', 'issue_comments', 'commits'];
/** Rows by the name of their table, without the organisation's. */
type Held = Record<string, object[]>;
async function tables(org: Org): Promise<Held> {
  const rows = NAMES.map((name) => aws.query(`SELECT * FROM github_data.${org}_${name} ORDER BY 1, 2`));
  return Object.fromEntries((await Promise.all(rows)).map((found, at) => [NAMES[at] ?? '', found]));
}
async function reported(logicalDate: string): Promise<object[]> {
  const date = logicalDate.slice(0, 10);
  const rows = Object.keys(reports).map((name) =>
    aws.query(`SELECT * FROM github_data.${name} WHERE logical_date = '${date}' ORDER BY 1, 2, 3`),
  );
  return (await Promise.all(rows)).flat();
}
/** The same content by a full pass, in tables of its own. */
const rebuilt = async (day: number) => (await run('twin', day, { params: { full: true } })).holds;
const idsOf = (rows: object[] | undefined) => rows?.map((row) => (row as { id: number }).id);
const openIssues = async (day: number) => {
  const date = dayOf(day).logicalDate.slice(0, 10);
  const rows = await aws.query(
    `SELECT login, "count" AS n FROM github_data.open_issue_count WHERE logical_date = '${date}'`,
  );
  return Object.fromEntries(rows.map(({ login, n }) => [login, Number(n)]));
};
/** What was asked for of one kind since the day's change, by repository. */
const asked = (list: string) =>
  (api?.requests ?? [])
    .map(({ path }) => new URL(path, 'http://github'))
    .filter(({ pathname }) => pathname.startsWith('/repos/acme/') && pathname.endsWith(`/${list}`))
    .map(({ pathname, searchParams }) => `${pathname.split('/')[3]} ${searchParams.get('since')}`);
const loads = (day: number) =>
  aws.query(`SELECT mode, extracted, inserted, updated, deleted FROM sluice.loads
    WHERE dag_id = 'acme' AND table_name = 'github_data.acme_issues' AND logical_date = '2026-11-0${day}'
    ORDER BY clearing`);

/** What the third state lacks, by the columns that name it. */
const DELETED: Record<string, unknown> = { number: 3, issue_id: 3, body: 'first' };
const first = {
  a: {
    issues: [
      issue(1, { assignee: ann, assignees: [ann] }),
      issue(2, { labels: [bug] }),
      issue(3, { milestone: milestone({}) }),
    ],
    issue_comments: [comment(101), comment(102)],
  },
  b: { issues: [issue(4, { assignee: bo, assignees: [bo], milestone: milestone({}) })] },
};
const second = {
  a: {
    issues: [
      issue(1, { assignee: ann, assignees: [ann] }),
      issue(2, { assignee: bo, assignees: [bo], updated_at: on(2) }),
      issue(3, { milestone: milestone({}) }),
      issue(5, { labels: [bug], created_at: on(2), updated_at: on(2) }),
    ],
    issue_comments: [comment(101), comment(102, { body: 'edited', updated_at: on(2) })],
  },
  b: { issues: [issue(4, { assignee: bo, assignees: [bo], milestone: milestone({}) })] },
  // Transferred to the organisation: nothing in it has changed for long.
  c: { issues: [issue(6)] },
};
const third = {
  ...second,
  a: {
    issues: [
      issue(1, { assignee: null, updated_at: on(4) }),
      issue(2, { state: 'closed', updated_at: on(4) }),
      issue(5, { labels: [], created_at: on(2), updated_at: on(4), milestone: milestone({ updated_at: on(4) }) }),
    ],
    issue_comments: [comment(102, { body: 'edited', updated_at: on(2) })],
  },
};

test('the first run asks for everything and builds the tables', async () => {
  await now(first);
  const { outputs, holds } = await run('acme', 1);
  expect(outputs['watermark_acme']).toEqual({ since: null, mode: 'rebuild' });
  expect(asked('issues')).toEqual(['a null', 'b null']);
  expect(holds).toEqual(await rebuilt(1));
  expect(await openIssues(1)).toEqual({ ann: 1, bo: 1, '(unassigned)': 2 });
});

test('the next one asks for what changed since, and for all of a repository that is new to it', async () => {
  await now(second);
  const { outputs, holds } = await run('acme', 2);
  const since = dayOf(1).logicalDate;
  expect(outputs['watermark_acme']).toEqual({ since, mode: 'upsert' });
  expect(asked('issues')).toEqual([`a ${since}`, `b ${since}`, 'c null']);
  expect(asked('comments')).toEqual([`a ${since}`, `b ${since}`, 'c null']);
  expect(asked('commits')).toEqual(['a null', 'b null', 'c null']);
  expect(await loads(2)).toEqual([{ mode: 'upsert', extracted: 3, inserted: 2, updated: 1, deleted: 0 }]);
  expect(holds).toEqual(await rebuilt(2));
  expect(await openIssues(2)).toEqual({ ann: 1, bo: 2, '(unassigned)': 3 });
});

test('a run of the same date again, from its source or from raw, changes nothing', async () => {
  const was = await tables('acme');
  const again = await run('acme', 2, { clearing: 2 });
  expect(again.holds).toMatchObject(was);
  expect((await run('acme', 2, { clearing: 3, fromRaw: true })).holds).toEqual(again.holds);
  expect((await loads(2)).map(({ mode }) => mode)).toEqual(['upsert', 'upsert', 'upsert']);
});

test('unassigned, closed, unlabelled: the reports move; what was deleted at the source stays so far', async () => {
  await now(third);
  // The third did not run, so it is included.
  const { outputs, holds } = await run('acme', 4);
  expect(outputs['watermark_acme']).toEqual({ since: dayOf(2).logicalDate, mode: 'upsert' });
  expect(await openIssues(4)).toEqual({ bo: 1, '(unassigned)': 4 });
  expect(idsOf(holds['issues'])).toEqual([1, 2, 3, 4, 5, 6]);
  expect(idsOf(holds['issue_comments'])).toEqual([101, 102]);

  const whole = await rebuilt(4);
  const isDeleted = (row: object) => Object.entries(row).some(([key, value]) => DELETED[key] === value);
  for (const name of NAMES)
    expect(
      holds[name]?.filter((row) => !isDeleted(row)),
      name,
    ).toEqual(whole[name]);
});

test('a full pass is due after seven days: what was deleted is gone, and all is as if it had been built anew', async () => {
  const { outputs, holds } = await run('acme', 8);
  expect(outputs['watermark_acme']).toEqual({ since: null, mode: 'rebuild' });
  expect(idsOf(holds['issues'])).toEqual([1, 2, 4, 5, 6]);
  expect(idsOf(holds['issue_comments'])).toEqual([102]);
  expect(holds).toEqual(await rebuilt(8));
  expect((await run('acme', 8, { clearing: 2, fromRaw: true })).holds).toEqual(holds);
  expect((await loads(8)).map(({ mode }) => mode)).toEqual(['rebuild', 'rebuild']);
});

test('after it, runs go on from it; the older date again, from raw, changes no table', async () => {
  const { outputs, holds } = await run('acme', 9);
  expect(outputs['watermark_acme']).toEqual({ since: dayOf(8).logicalDate, mode: 'upsert' });
  expect((await loads(9)).map(({ extracted }) => extracted)).toEqual([0]);
  const was = await tables('acme');
  const older = await run('acme', 8, { clearing: 3, fromRaw: true });
  expect(older.outputs['load_acme_issues']).toMatchObject({ superseded: true });
  expect(await tables('acme')).toEqual(was);
  expect(await reported(dayOf(9).logicalDate)).toEqual(holds['reports']);
});

test('a full pass is made when it is asked for', async () => {
  const { outputs } = await run('acme', 9, { clearing: 2, params: { full: true } });
  expect(outputs['watermark_acme']).toEqual({ since: null, mode: 'rebuild' });
});
