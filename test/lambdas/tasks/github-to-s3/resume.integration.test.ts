import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Manifest, type Part, readManifest } from '#lambdas/lake/manifest.ts';
import type { Invocation } from '#lambdas/runtime/implement.ts';
import { s3Store } from '#lambdas/runtime/store.ts';
import type { Run } from '#lib/contract/envelope.ts';
import { ledgerKey } from '#lib/contract/keys.ts';
import type { Table } from '#lib/contract/table.ts';
import { type GitHub, startGitHub } from '#local/sources/github/index.ts';
import { handler } from '#tasks/github-to-s3/handler.ts';
import { type Aws, BUCKET, openAws } from '../../aws.ts';
import { someRun } from '../../events.ts';
import { github as connection, describeFunction, setToken } from '../task-services.ts';

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
  to: { dataset: 'raw/i', table: 'g.issues' },
};
const extract = (run: Run, invocation?: Invocation) => handler({ run, task, input }, invocation);
/** So little time that an attempt stops after its first page. */
const hurried: Invocation = { getRemainingTimeInMillis: () => 1000 };

/** What the manifest says and names, but for where files begin and when pages were fetched. */
async function content(key: string): Promise<object> {
  const { pages, raw, stage, quarantine, counts, unknownFields, collisions }: Manifest = await readManifest(
    s3Store({ client: aws.client, bucket: BUCKET }),
    key,
  );
  const rows = (parts: readonly Part[]) => parts.reduce((sum, part) => sum + part.rows, 0);
  const files = (parts: readonly Part[]) => aws.lines(parts).then((lines) => ({ lines, rows: rows(parts) }));
  return {
    pages: pages.map(({ fetchedAt: _, ...page }) => page),
    raw: await files(raw),
    stage: await Promise.all(Object.values(stage).map(async (of) => ({ of: of.rows, ...(await files(of.parts)) }))),
    quarantine: await files(quarantine),
    counts,
    unknownFields,
    collisions,
  };
}

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

test('a limit of an hour midway keeps the pages before it', async () => {
  github.setFaults([{ fault: 'primary-limit', from: 4, times: 2, seconds: 3000 }]);
  const { attempts, manifest, paths } = await carryOut(someRun());
  expect(attempts).toBe(3);
  expect(paths).toHaveLength(7);
  expect(new Set(paths).size).toBe(5);
  expect(await content(manifest)).toEqual(undisturbed);
});

test('an attempt that dies goes back to what was kept, not to the beginning; its own files do not count', async () => {
  const run = someRun();
  await expect(extract(run, hurried)).rejects.toMatchObject({ name: 'Sluice.Again' });
  github.setFaults([{ fault: 'error-502', from: 3, times: 3 }]);
  await expect(extract(run)).rejects.toMatchObject({ name: 'Sluice.Transient' });
  const { manifest, paths } = await carryOut(run);
  expect(paths).toHaveLength(1 + 2 + 3 + 4);
  expect(await content(manifest)).toEqual(undisturbed);
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
