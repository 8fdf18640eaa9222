/** Each of GitHub's eight kinds of objects, from the stand-in to the tables that are declared for it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GithubObject, githubObject, listOf } from '#lambdas/sources/github/objects.ts';
import type { Extracted } from '#lib/contract/extracted.ts';
import { DECLARATIONS } from '#lib/pipelines/github-to-redshift/tables.ts';
import { type GitHub, startGitHub } from '#local/sources/github/index.ts';
import { handler as extract } from '#tasks/github-to-s3/handler.ts';
import { handler as load } from '#tasks/s3-to-warehouse/handler.ts';
import { someRun } from '../../../worlds/events.ts';
import { setToken } from '../../../worlds/task-services.ts';
import { openWarehouseAws, USER_SECRET, type WarehouseAws, warehouse } from '../../../worlds/warehouse-aws.ts';

const github = { connection: 'github', type: 'github' } as const;
const OF = {
  repository: { org: 'astronomerio', repository: 'cli' },
  organisation: { org: 'astronomerio' },
  user: {},
};

let aws: WarehouseAws;
let api: GitHub;
beforeAll(async () => {
  aws = await openWarehouseAws();
  aws.describeFunction(Object.values(DECLARATIONS).map((declare) => declare((name) => `g.${name}`)));
  api = await startGitHub();
  setToken(aws, 'any', api.url);
  const connections = { [github.connection]: 'github-secret', [warehouse.connection]: USER_SECRET };
  Object.assign(process.env, { SLUICE_CONNECTIONS: JSON.stringify(connections) });
});
afterAll(async () => {
  await api.close();
  await aws.close();
});

const flow = async (
  object: GithubObject,
): Promise<{ from: Extracted; loaded: { rows: number; childRows: number } }> => {
  const run = someRun();
  const at = (id: string, input: object) => ({ run, task: { id, attempt: 1 }, input });
  const query = { state: 'all' };
  const to = { kind: 'lake', dataset: object, table: `g.${object}` };
  const from = await extract(at('extract', { connection: github, object, query, to, ...OF[listOf(object)] }));
  const into = { connection: warehouse, from, table: { kind: 'table', dataset: `g.${object}` }, mode: 'rebuild' };
  return { from, loaded: await load(at('load', into)) };
};

test.each(githubObject.options)('%s: every object is a row', async (object) => {
  const { from, loaded } = await flow(object);
  expect(from.rows).toBeGreaterThan(0);
  expect([from.quarantined, loaded.rows]).toEqual([0, from.rows]);
  expect(await aws.query(`SELECT COUNT(*) AS n FROM g.${object}`)).toEqual([{ n: from.rows }]);
});

test('labels, milestones, assignees and parents are rows of their own', async () => {
  const [children] = await aws.query(`SELECT
    (SELECT COUNT(*) FROM g.issue_labels) AS labels, (SELECT COUNT(*) FROM g.issue_milestones) AS milestones,
    (SELECT COUNT(*) FROM g.issue_assignees) AS assignees, (SELECT COUNT(*) FROM g.pull_request_labels) AS pull_labels,
    (SELECT COUNT(*) FROM g.commit_parents) AS parents, (SELECT COUNT(*) FROM g.commits) AS commits`);
  expect(Object.values(children ?? {}).every((n) => Number(n) > 0)).toBe(true);
  expect(Number(children?.['parents'])).toBeGreaterThan(Number(children?.['commits']) - 1);
});

test("git's identities are kept beside GitHub's, which may be missing", async () => {
  const strangers = await aws.query(
    `SELECT COUNT(*) AS n FROM g.commits WHERE author_login IS NULL AND author_id IS NULL AND commit_author_email LIKE '%@localhost'`,
  );
  expect(Number(strangers[0]?.['n'])).toBeGreaterThan(0);
  const merges = await aws.query(
    "SELECT DISTINCT committer_login, commit_committer_name FROM g.commits WHERE commit_message LIKE 'Merge%'",
  );
  expect(merges).toEqual([{ committer_login: 'web-flow', commit_committer_name: 'GitHub' }]);
});
