import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GithubObject } from '#lambdas/sources/github/objects.ts';
import { DECLARATIONS } from '#lib/pipelines/github-to-redshift/tables.ts';
import { readManifest } from '#lib/runs/manifest.ts';
import { s3Store } from '#lib/runs/store.ts';
import { handler } from '#tasks/github-to-s3/handler.ts';
import { type Aws, BUCKET, openAws } from '../../../worlds/aws.ts';
import { eventOf } from '../../../worlds/events.ts';
import { type Github, openGithub } from '../../../worlds/github.ts';
import { describeFunction, github, setToken } from '../../../worlds/task-services.ts';

const real = (name: string) => fileURLToPath(new URL(`../../../../../shared/data/github/${name}`, import.meta.url));
const ISSUES = real('issues.ndjson.gz');
const EXCHANGES = real('recorded_http/paginate-issues.normalized-fixture.json');
const tables = Object.values(DECLARATIONS).map((declare) => declare((name) => `g.${name}`));

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

async function extract(object: GithubObject, of: object, query = {}) {
  const to = { kind: 'lake', dataset: object, table: `g.${object}` };
  const output = await handler(eventOf({ connection: github, object, query, to, ...of }));
  const manifest = await readManifest(s3Store({ client: aws.client, bucket: BUCKET }), output.manifest);
  const staged = async (table: string) =>
    (await aws.lines(manifest.stage[`g.${table}`]?.parts ?? [])).map((line) => JSON.parse(line));
  return { output, manifest, staged };
}

/** Serves a file's objects, a hundred a page. */
function serve(name: string): string[] {
  const source = gunzipSync(readFileSync(real(`${name}.ndjson.gz`)))
    .toString()
    .trimEnd()
    .split('\n');
  answer = ({ path }, url) => {
    const from = Number(new URL(path, url).searchParams.get('after'));
    const link = { link: `<${url}/x?after=${from + 100}>; rel="next"` };
    return {
      body: `[${source.slice(from, from + 100).join(',\n')}]`,
      headers: from + 100 < source.length ? link : {},
    };
  };
  return source;
}

describe.skipIf(!existsSync(ISSUES))('real objects of 2015', () => {
  test('715 issues go through raw unchanged, and each is staged with its body whole', async () => {
    const source = serve('issues');
    const { output, manifest, staged } = await extract('issues', { org: 'o', repository: 'r' });

    expect(output).toMatchObject({ rows: 715, quarantined: 0, bytes: Buffer.byteLength(`${source.join('\n')}\n`) });
    expect(manifest.pages.map(({ rows }) => rows)).toEqual([100, 100, 100, 100, 100, 100, 100, 15]);
    expect(await aws.lines(manifest.raw)).toEqual(source);

    const rows = await staged('issues');
    expect(rows).toHaveLength(715);
    expect(rows.filter((row) => row.pull_request_url)).toHaveLength(154);
    const issues = source.map((line) => JSON.parse(line));
    expect(rows.map(({ id, body, user_login }) => [id, body, user_login])).toEqual(
      issues.map(({ id, body, user }) => [id, body, user.login]),
    );
    expect(await staged('issue_assignees')).toEqual(
      issues.flatMap(({ id, assignee }, place) =>
        assignee === null ? [] : [{ sluice_record: place + 1, issue_id: id, id: assignee.id, login: assignee.login }],
      ),
    );
    expect(manifest.collisions).toEqual({});
  });

  test('their 318 labels and 66 milestones are rows of their own', async () => {
    const issues = serve('issues').map((line) => JSON.parse(line));
    const { staged } = await extract('issues', { org: 'o', repository: 'r' });
    const labels = await staged('issue_labels');
    expect(labels).toHaveLength(318);
    expect(labels.map(({ issue_id, name }) => [issue_id, name])).toEqual(
      issues.flatMap(({ id, labels: of }) => of.map(({ name }: { name: string }) => [id, name])),
    );
    const milestones = await staged('issue_milestones');
    expect(milestones).toHaveLength(66);
    expect(milestones.map(({ issue_id, title, due_on }) => [issue_id, title, due_on])).toEqual(
      issues.flatMap(({ id, milestone }) => (milestone ? [[id, milestone.title, milestone.due_on]] : [])),
    );
  });

  interface Real {
    readonly [field: string]: unknown;
    readonly user: { readonly login: string };
    readonly head: { readonly label: string };
    readonly owner: { readonly id: number };
  }

  interface Kind {
    readonly object: GithubObject;
    readonly count: number;
    readonly of: object;
    readonly row: (row: Real) => unknown[];
    readonly record: (record: Real) => unknown[];
  }
  const repository = { org: 'o', repository: 'r' };
  test.each<Kind>([
    {
      object: 'pull_requests',
      count: 325,
      of: repository,
      row: ({ id, body, user_login, head_label, merged_at }) => [id, body, user_login, head_label, merged_at],
      record: ({ id, body, user, head, merged_at }) => [id, body, user.login, head.label, merged_at],
    },
    {
      object: 'issue_comments',
      count: 574,
      of: repository,
      row: ({ id, body, user_login, issue_url }) => [id, body, user_login, issue_url],
      record: ({ id, body, user, issue_url }) => [id, body, user.login, issue_url],
    },
    {
      object: 'commit_comments',
      count: 41,
      of: repository,
      row: ({ id, body, commit_id, path, line }) => [id, body, commit_id, path, line],
      record: ({ id, body, commit_id, path, line }) => [id, body, commit_id, path, line],
    },
    {
      object: 'repositories',
      count: 285,
      of: { org: 'o' },
      row: ({ id, full_name, owner_id, pushed_at, size }) => [id, full_name, owner_id, pushed_at, size],
      record: ({ id, full_name, owner, pushed_at, size }) => [id, full_name, owner.id, pushed_at, size],
    },
  ])('$object: $count in, as many rows with their values, none quarantined', async (kind) => {
    const { object, count, of, row, record } = kind;
    const source = serve(object);
    const { output, manifest, staged } = await extract(object, of);
    expect(output).toMatchObject({ rows: count, quarantined: 0 });
    expect(await aws.lines(manifest.raw)).toEqual(source);
    const rows = (await staged(object)) as Real[];
    expect(rows.map(row)).toEqual(source.map((line) => record(JSON.parse(line))));
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
    const { output, manifest } = await extract(
      'issues',
      { org: 'octokit-fixture-org', repository: 'paginate-issues' },
      { per_page: '3' },
    );
    expect(output).toMatchObject({ rows: 13, quarantined: 0 });
    expect(manifest.pages.map(({ rows }) => rows)).toEqual([3, 3, 3, 3, 1]);
    expect(manifest.pages.map(({ url }) => url.replace(api.url, ''))).toEqual(exchanges.map(({ path }) => path));
    expect(manifest.pages.map(({ etag }) => etag)).toEqual(exchanges.map(({ headers }) => headers['etag']));
    expect(await aws.lines(manifest.raw)).toEqual(
      exchanges.flatMap(({ response }) => response.map((one) => JSON.stringify(one))),
    );
  });
});
