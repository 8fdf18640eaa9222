import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readManifest } from '#lambdas/lake/manifest.ts';
import { s3Store } from '#lambdas/runtime/store.ts';
import { tables } from '#lib/pipelines/github-to-redshift/tables.ts';
import { handler } from '#tasks/github-to-s3/handler.ts';
import { type Aws, BUCKET, openAws } from '../../aws.ts';
import { eventOf } from '../../events.ts';
import { type Github, openGithub } from '../../github.ts';
import { describeFunction, github, setToken } from '../task-services.ts';

const real = (name: string) => fileURLToPath(new URL(`../../../../../shared/data/github/${name}`, import.meta.url));
const ISSUES = real('issues.ndjson.gz');
const EXCHANGES = real('recorded_http/paginate-issues.normalized-fixture.json');
const [table] = tables;
const child = table?.children?.[0]?.name ?? '';

let aws: Aws;
let api: Github;
let answer: Parameters<typeof openGithub>[0];
beforeAll(async () => {
  aws = await openAws();
  describeFunction(aws, tables);
  api = await openGithub((asked, url) => answer(asked, url));
  setToken(aws, 'token', api.url);
});
afterAll(async () => {
  await api.close();
  await aws.close();
});

async function extract(org: string, repository: string, query = {}) {
  const to = { dataset: 'raw/issues', table: table?.name };
  const output = await handler(eventOf({ connection: github, org, repository, object: 'issues', query, to }));
  return { output, manifest: await readManifest(s3Store({ client: aws.client, bucket: BUCKET }), output.manifest) };
}

describe.skipIf(!existsSync(ISSUES))('715 real issues', () => {
  test('go through raw unchanged, and each is staged with its body whole', async () => {
    const source = gunzipSync(readFileSync(ISSUES)).toString().trimEnd().split('\n');
    answer = ({ path }, url) => {
      const from = Number(new URL(path, url).searchParams.get('after'));
      const link = { link: `<${url}/x?after=${from + 100}>; rel="next"` };
      return {
        body: `[${source.slice(from, from + 100).join(',\n')}]`,
        headers: from + 100 < source.length ? link : {},
      };
    };
    const { output, manifest } = await extract('o', 'r');

    expect(output).toMatchObject({ rows: 715, quarantined: 0, bytes: Buffer.byteLength(`${source.join('\n')}\n`) });
    expect(manifest.pages.map(({ rows }) => rows)).toEqual([100, 100, 100, 100, 100, 100, 100, 15]);
    expect(await aws.lines(manifest.raw)).toEqual(source);

    const staged = (await aws.lines(manifest.stage[table?.name ?? '']?.parts ?? [])).map((line) => JSON.parse(line));
    expect(staged).toHaveLength(715);
    expect(staged.filter((row) => row.pull_request_url)).toHaveLength(154);
    const issues = source.map((line) => JSON.parse(line));
    expect(staged.map(({ id, body, user_login }) => [id, body, user_login])).toEqual(
      issues.map(({ id, body, user }) => [id, body, user.login]),
    );
    const children = (await aws.lines(manifest.stage[child]?.parts ?? [])).map((line) => JSON.parse(line));
    expect(children).toEqual(
      issues.flatMap(({ id, assignee }, place) =>
        assignee === null ? [] : [{ sluice_record: place + 1, issue_id: id, id: assignee.id, login: assignee.login }],
      ),
    );
    expect(manifest.collisions).toEqual({});
  });
});

describe.skipIf(!existsSync(EXCHANGES))('recorded exchanges with api.github.com', () => {
  test('give 13 issues over five pages, by the links that were recorded', async () => {
    interface Exchange {
      readonly path: string;
      readonly response: object[];
      readonly headers: Record<string, string>;
    }
    const exchanges = JSON.parse(readFileSync(EXCHANGES, 'utf8')) as Exchange[];
    const requested = (path: string) => path.replace(/\?.*/, (query) => `?${[...new URLSearchParams(query)].sort()}`);
    answer = ({ path }, url) => {
      const found = exchanges.find((exchange) => requested(exchange.path) === requested(path));
      if (!found) return { status: 404, body: '{"message":"not recorded"}' };
      const { etag = '', link = '' } = found.headers;
      return {
        body: JSON.stringify(found.response),
        headers: { etag, link: link.replaceAll('https://api.github.com', url) },
      };
    };
    const { output, manifest } = await extract('octokit-fixture-org', 'paginate-issues', { per_page: '3' });
    expect(output).toMatchObject({ rows: 13, quarantined: 0 });
    expect(manifest.pages.map(({ rows }) => rows)).toEqual([3, 3, 3, 3, 1]);
    expect(manifest.pages.map(({ url }) => url.replace(api.url, ''))).toEqual(exchanges.map(({ path }) => path));
    expect(manifest.pages.map(({ etag }) => etag)).toEqual(exchanges.map(({ headers }) => headers['etag']));
    expect(await aws.lines(manifest.raw)).toEqual(
      exchanges.flatMap(({ response }) => response.map((one) => JSON.stringify(one))),
    );
  });
});
