import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Invocation } from '#lambdas/runtime/implement.ts';
import type { Run } from '#lib/contract/envelope.ts';
import type { Table } from '#lib/contract/table.ts';
import { ledgerKey, limitKey } from '#lib/runs/keys.ts';
import { type GitHub, startGitHub } from '#local/sources/github/index.ts';
import { handler } from '#tasks/github-to-s3/handler.ts';
import { type Aws, BUCKET, openAws } from '../../../worlds/aws.ts';
import { someRun } from '../../../worlds/events.ts';
import { contentOf } from '../../../worlds/extract-content.ts';
import { github as connection, describeFunction, setToken } from '../../../worlds/task-services.ts';

/** Some of the generated titles are longer, so that every kind of file is there. */
const table: Table = {
  name: 'g.issues',
  columns: [
    { name: 'id', type: 'int8' },
    { name: 'title', type: 'varchar(38)' },
  ],
  primaryKey: ['id'],
  maxQuarantined: 231,
  children: [
    {
      name: 'g.assignees',
      from: ['assignees'],
      parent: { issue_id: 'id' },
      columns: [
        { name: 'issue_id', type: 'int8' },
        { name: 'login', type: 'varchar(255)' },
      ],
    },
  ],
};

let aws: Aws;
let github: GitHub;
let undisturbed: object;
beforeAll(async () => {
  aws = await openAws();
  describeFunction(aws, [table]);
  github = await startGitHub();
  setToken(aws, 'ghp_standin', github.url);
  undisturbed = await content((await extract(someRun())).manifest);
});
afterAll(async () => {
  await github.close();
  await aws.close();
});
let asked = 0;
beforeEach(() => {
  github.setFaults([]);
  asked = github.requests.length;
});

const task = { id: 'extract', index: 3, attempt: 1 };
/** In five pages. */
const input = {
  connection,
  org: 'astronomerio',
  repository: 'core',
  object: 'issues',
  query: { state: 'all', per_page: '50' },
  to: { kind: 'lake', dataset: 'i', table: 'g.issues' },
};
const extract = (run: Run, invocation?: Invocation) => handler({ run, task, input }, invocation);
/** So little time that an attempt stops after its first page. */
const hurried: Invocation = { getRemainingTimeInMillis: () => 1000 };

const content = (key: string) => contentOf(aws, key);

/** Attempt after attempt, until one is done; gives the pages that were asked for. */
async function carryOut(run: Run, invocation?: Invocation) {
  for (let attempts = 1; ; attempts++) {
    const outcome = await extract(run, invocation).catch((error: Error) => error);
    if (!(outcome instanceof Error)) return { ...outcome, attempts, paths: paths() };
    expect(outcome).toMatchObject({ name: 'Sluice.Again' });
  }
}
const paths = () => github.requests.slice(asked).map(({ path }) => path);

test('an attempt whose time ends stops after a page; the next goes on there, and each page is asked for once', async () => {
  const { attempts, manifest, rows, paths } = await carryOut(someRun(), hurried);
  expect({ attempts, rows, requests: paths.length }).toEqual({ attempts: 5, rows: 231, requests: 5 });
  expect(new Set(paths).size).toBe(5);
  expect(await content(manifest)).toEqual(undisturbed);
  expect(undisturbed).toMatchObject({ quarantine: { rows: expect.any(Number) }, counts: { extracted: 231 } });
  expect((undisturbed as { quarantine: { rows: number } }).quarantine.rows).toBeGreaterThan(0);
});

/** The run's limit, as it was kept, in seconds from now; from then on it has ended. */
async function endLimit(run: Run): Promise<number> {
  const Key = limitKey(run, connection.connection);
  const { until } = JSON.parse((await aws.bytes(Key)).toString());
  const ended = JSON.stringify({ until: new Date().toISOString() });
  await aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: ended }));
  return (Date.parse(until) - Date.now()) / 1000;
}

test('a limit of an hour midway keeps the pages before it, and nobody of the run asks before it ends', async () => {
  github.setFaults([{ fault: 'primary-limit', from: 4, seconds: 3000 }]);
  const run = someRun();
  await expect(extract(run)).rejects.toMatchObject({ name: 'Sluice.Again' });
  for (const index of [3, 3, 4]) {
    const retry = handler({ run, task: { ...task, index }, input });
    await expect(retry).rejects.toMatchObject({
      name: 'Sluice.Again',
      message: expect.stringMatching(/connection 'github' until 20.*it is not asked before/),
    });
  }
  expect(paths()).toHaveLength(4);
  expect(Math.abs((await endLimit(run)) - 3000)).toBeLessThan(10);
  const { attempts, manifest, paths: all } = await carryOut(run);
  expect({ attempts, requests: all.length, pages: new Set(all).size }).toEqual({ attempts: 1, requests: 6, pages: 5 });
  expect(await content(manifest)).toEqual(undisturbed);
});

test('a secondary limit is waited for likewise, and one that follows it too', async () => {
  github.setFaults([{ fault: 'secondary-limit', times: 2, seconds: 90 }]);
  const run = someRun();
  const isLimited = () => expect(extract(run)).rejects.toMatchObject({ name: 'Sluice.Again' });
  for (const requests of [1, 1]) {
    await isLimited();
    expect(paths()).toHaveLength(requests);
  }
  expect(Math.abs((await endLimit(run)) - 90)).toBeLessThan(10);
  for (const requests of [2, 2]) {
    await isLimited();
    expect(paths()).toHaveLength(requests);
  }
  expect(Math.abs((await endLimit(run)) - 90)).toBeLessThan(10);
  expect((await carryOut(run)).paths).toHaveLength(7);
});

test.each(['error-502', 'truncated', 'conflict'] as const)(
  'a failure midway that may pass (%s) keeps the pages before it for the next attempt',
  async (fault) => {
    const run = someRun();
    github.setFaults([{ fault, from: 3, times: fault === 'conflict' ? 1 : 3 }]);
    await expect(extract(run)).rejects.toMatchObject({ name: 'Sluice.Transient' });
    const before = paths().length;
    const { manifest, paths: all } = await carryOut(run);
    expect(all.length - before).toBe(3);
    expect(await content(manifest)).toEqual(undisturbed);
  },
);

test('where the place to go on at is refused, the list begins anew, once', async () => {
  const run = someRun();
  await expect(extract(run, hurried)).rejects.toMatchObject({ name: 'Sluice.Again' });
  github.setFaults([{ fault: 'not-found', on: /after=/ }]);
  const { manifest, paths: all } = await carryOut(run);
  expect(all).toHaveLength(1 + 1 + 5);
  expect(await content(manifest)).toEqual(undisturbed);
});

test('a repository that vanished while its list was waited for is refused, after one look at its beginning', async () => {
  const run = someRun();
  await expect(extract(run, hurried)).rejects.toMatchObject({ name: 'Sluice.Again' });
  github.setFaults([{ fault: 'not-found', times: Number.POSITIVE_INFINITY }]);
  await expect(extract(run)).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringMatching(/'github': GitHub answered 404.*needs read access/),
  });
  expect(paths()).toHaveLength(1 + 2);
});

test('a finished extract whose result was lost is not made again; a run that is cleared is', async () => {
  const run = someRun();
  const first = await extract(run);
  await aws.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: ledgerKey(run, task) }));
  expect(await extract(run)).toEqual(first);
  expect(paths()).toHaveLength(5);
  expect((await extract({ ...run, clearing: 2 })).manifest).not.toBe(first.manifest);
  expect(paths()).toHaveLength(10);
});

test('of two attempts at once, each resumes, and either result is whole', async () => {
  const run = someRun();
  await expect(extract(run, hurried)).rejects.toMatchObject({ name: 'Sluice.Again' });
  const both = await Promise.allSettled([extract(run, hurried), extract(run, hurried)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await content((await carryOut(run, hurried)).manifest)).toEqual(undisturbed);
});
