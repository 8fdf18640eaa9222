/** Lists with page numbers, of which records are deleted while they are read. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readManifest } from '#lib/runs/manifest.ts';
import { s3Store } from '#lib/runs/store.ts';
import { handler } from '#tasks/github-to-s3/handler.ts';
import { type Aws, BUCKET, openAws } from '../../../worlds/aws.ts';
import { eventOf } from '../../../worlds/events.ts';
import { type Github, openGithub } from '../../../worlds/github.ts';
import { describeFunction, github, setToken } from '../../../worlds/task-services.ts';

const table = { name: 'g.issues', columns: [{ name: 'id', type: 'int8' }], primaryKey: ['id'] } as const;
const PER_PAGE = 3;
let aws: Aws;
let api: Github;
let ids: number[] = [];
/** Runs after a page was served, with its number and how often page one was by then. */
let afterPage = (_page: number, _reads: number) => {};
let reads = 0;

beforeAll(async () => {
  aws = await openAws();
  describeFunction(aws, [{ ...table, columns: [...table.columns], primaryKey: ['id'] }]);
  api = await openGithub(({ path, known }, url) => {
    const page = Number(new URL(path, url).searchParams.get('page') ?? 1);
    const body = JSON.stringify(ids.slice((page - 1) * PER_PAGE, page * PER_PAGE).map((id) => ({ id })));
    const etag = `"${createHash('sha1').update(body).digest('hex')}"`;
    const link = page * PER_PAGE < ids.length && { link: `<${url}/repos/o/r/issues?page=${page + 1}>; rel="next"` };
    if (known === etag) return { status: 304, headers: { etag, ...link } };
    if (page === 1) reads++;
    afterPage(page, reads);
    return { body, headers: { etag, ...link } };
  });
  setToken(aws, 'ghp', api.url);
});
afterAll(async () => {
  await api.close();
  await aws.close();
});

async function extracted() {
  ids = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  reads = 0;
  api.asked.length = 0;
  const input = {
    connection: github,
    org: 'o',
    repository: 'r',
    object: 'issues',
    to: { kind: 'lake', dataset: 'i', table: table.name },
  };
  const output = await handler(eventOf(input)).catch((error: unknown) => error as Error);
  if (output instanceof Error) return output;
  const manifest = await readManifest(s3Store({ client: aws.client, bucket: BUCKET }), output.manifest);
  return (await aws.lines(manifest.raw)).map((line) => (JSON.parse(line) as { id: number }).id);
}
const remove = (id: number) => {
  ids = ids.filter((one) => one !== id);
};

test('a list that stays as it is costs one request more, which its limit does not count', async () => {
  afterPage = () => {};
  expect(await extracted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(api.asked).toHaveLength(4);
});

test.each([1, 2])('a record that is deleted after page %i takes no other one with it', async (number) => {
  afterPage = (page, read) => {
    if (page === number && read === 1) remove(2);
  };
  expect(await extracted()).toEqual([1, 3, 4, 5, 6, 7, 8, 9]);
});

test('a list that changes each time it is read gives no rows at all, and may pass', async () => {
  afterPage = (page, read) => {
    if (page === 1) remove(read);
  };
  expect(await extracted()).toMatchObject({
    name: 'Sluice.Transient',
    message: expect.stringContaining('changed while it was read'),
  });
});
