/** What the extract makes of each thing that goes wrong with GitHub, against the stand-in that does it on demand. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Table } from '#lib/contract/table.ts';
import { type GitHub, type GitHubOptions, startGitHub } from '#local/sources/github/index.ts';
import { handler as extract } from '#tasks/github-to-s3/handler.ts';
import { handler as load } from '#tasks/s3-to-warehouse/handler.ts';
import { someRun } from '../../../worlds/events.ts';
import { openWarehouseAws, USER_SECRET, type WarehouseAws, warehouse } from '../../../worlds/warehouse-aws.ts';

const TABLE = 'github_data.issues';
const issues: Table = {
  name: TABLE,
  columns: [
    { name: 'id', type: 'int8' },
    { name: 'title', type: 'varchar(4096)' },
  ],
  primaryKey: ['id'],
  children: [
    {
      name: 'github_data.issue_assignees',
      from: ['assignees'],
      parent: { issue_id: 'id' },
      columns: [
        { name: 'issue_id', type: 'int8' },
        { name: 'login', type: 'varchar(255)' },
      ],
    },
  ],
};

type Faults = NonNullable<GitHubOptions['faults']>;
/** Every issue of the repository comes in three pages. */
const ROWS = 231;
const PAGE = 100;

const whole = { rows: ROWS };
const FAULTS: Record<string, { faults: Faults; outcome: object; requests?: number }> = {
  'a primary limit that ends soon is waited for': {
    faults: [{ fault: 'primary-limit', from: 2 }],
    outcome: whole,
    requests: 4,
  },
  'a primary limit of most of an hour': {
    faults: [{ fault: 'primary-limit', from: 2, seconds: 3000 }],
    outcome: { name: 'Sluice.Again', message: expect.stringMatching(/limits the rate until 20/) },
    requests: 2,
  },
  'a secondary limit that ends soon is waited for': {
    faults: [{ fault: 'secondary-limit' }],
    outcome: whole,
    requests: 4,
  },
  'a secondary limit of minutes': {
    faults: [{ fault: 'secondary-limit', seconds: 90 }],
    outcome: { name: 'Sluice.Again', message: expect.stringContaining('limits the rate for 90 s') },
    requests: 1,
  },
  'a token that may not': {
    faults: [{ fault: 'forbidden' }],
    outcome: {
      name: 'Sluice.Terminal',
      message: expect.stringMatching(/answered 403: .*The token of 'faulty-\d+' needs read access/),
    },
    requests: 1,
  },
  'a repository that is not there': {
    faults: [{ fault: 'not-found', times: Number.POSITIVE_INFINITY }],
    outcome: { name: 'Sluice.Terminal', message: expect.stringMatching(/answered 404: .*no such thing.*read access/) },
    requests: 1,
  },
  'a repository that vanishes midway': {
    faults: [{ fault: 'not-found', from: 3, times: Number.POSITIVE_INFINITY }],
    outcome: { name: 'Sluice.Terminal', message: expect.stringMatching(/repositories\/\d+\/issues.*answered 404/) },
    requests: 3,
  },
  'a token that is revoked midway: the secret is fetched anew once': {
    faults: [{ fault: 'unauthorized', from: 2, times: Number.POSITIVE_INFINITY }],
    outcome: {
      name: 'Sluice.Terminal',
      message: expect.stringMatching(/'faulty-\d+': GitHub answered 401.*fetched anew.*put-secret-value/),
    },
    requests: 3,
  },
  'a token that is refused once': { faults: [{ fault: 'unauthorized', from: 2 }], outcome: whole, requests: 4 },
  'an empty repository is no rows and a success': {
    faults: [{ fault: 'conflict' }],
    outcome: { rows: 0 },
    requests: 1,
  },
  'a 409 midway may pass': {
    faults: [{ fault: 'conflict', from: 2 }],
    outcome: { name: 'Sluice.Transient', message: expect.stringContaining('409 in the middle of the list') },
  },
  'a gateway that fails now and then': {
    faults: [{ fault: 'error-500' }, { fault: 'error-502', from: 3 }, { fault: 'error-503', from: 5 }],
    outcome: whole,
    requests: 6,
  },
  'a gateway that goes on failing may pass; the request is named': {
    faults: [{ fault: 'error-502', from: 2, times: Number.POSITIVE_INFINITY }],
    outcome: { name: 'Sluice.Transient', message: expect.stringMatching(/GET .*\/issues\?.*Bad Gateway/) },
    requests: 4,
  },
  'a body that is cut off once': { faults: [{ fault: 'truncated', from: 2 }], outcome: whole, requests: 4 },
  'bodies that are cut off for good may pass': {
    faults: [{ fault: 'truncated', times: Number.POSITIVE_INFINITY }],
    outcome: { name: 'Sluice.Transient' },
    requests: 3,
  },
  'a slow answer': { faults: [{ fault: 'slow', seconds: 2 }], outcome: whole, requests: 3 },
  'pages that come in another order': {
    faults: [{ fault: 'reordered', times: 3 }],
    outcome: whole,
    requests: 3,
  },
  'pages that repeat what came before': {
    faults: [{ fault: 'repeated', times: 3 }],
    outcome: { rows: ROWS + 2 * PAGE },
    requests: 3,
  },
};

let aws: WarehouseAws;
const opened: GitHub[] = [];
beforeAll(async () => {
  aws = await openWarehouseAws();
  const names = ['well', ...Object.keys(FAULTS).map((_, at) => `faulty-${at}`)];
  aws.describeFunction([issues]);
  process.env['SLUICE_CONNECTIONS'] = JSON.stringify({
    ...Object.fromEntries(names.map((name) => [name, name])),
    [warehouse.connection]: USER_SECRET,
  });
});
afterAll(async () => {
  await Promise.all(opened.map((github) => github.close()));
  await aws.close();
});

/** Extracts over a stand-in of its own. */
async function extracted(connection: string, faults: Faults) {
  const github = await startGitHub({ faults });
  opened.push(github);
  aws.setSecret(connection, JSON.stringify({ token: 'ghp_standin', baseUrl: github.url }));
  const run = someRun();
  const input = {
    connection: { connection, type: 'github' },
    org: 'astronomerio',
    repository: 'core',
    object: 'issues',
    query: { state: 'all' },
    to: { kind: 'lake', dataset: 'issues', table: TABLE },
  };
  const output = await extract({ run, task: { id: 'extract', attempt: 1 }, input }).catch((error: unknown) => error);
  return { run, output, requests: github.requests.length };
}

test.concurrent.each(Object.entries(FAULTS).map(([name, fault], at) => ({ name, at, ...fault })))(
  '$name',
  async ({ at, faults, outcome, requests }) => {
    const given = await extracted(`faulty-${at}`, faults);
    expect(given.output).toMatchObject(outcome);
    if (requests !== undefined) expect(given.requests).toBe(requests);
  },
);

test('what came twice and in another order is in the tables once', async () => {
  const tables = async (faults: Faults) => {
    const { run, output } = await extracted('well', faults);
    const input = { connection: warehouse, from: output, table: { kind: 'table', dataset: TABLE }, mode: 'rebuild' };
    await load({ run, task: { id: 'load', attempt: 1 }, input });
    const rows = await aws.query(`SELECT id, title FROM ${TABLE} ORDER BY id`);
    return [rows, await aws.query('SELECT issue_id, login FROM github_data.issue_assignees ORDER BY 1, 2')];
  };
  const undisturbed = await tables([]);
  expect(undisturbed[0]).toHaveLength(ROWS);
  expect(
    await tables([
      { fault: 'repeated', times: 2 },
      { fault: 'reordered', from: 3 },
    ]),
  ).toEqual(undisturbed);
});
