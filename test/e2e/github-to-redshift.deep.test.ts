import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Sluice } from '../worlds/sluice.ts';

const REAL = resolve('../shared/data/github/issues.ndjson.gz');
const sluice = new Sluice();
const source = mkdtempSync(join(tmpdir(), 'sluice-source-'));

afterAll(() => {
  sluice[Symbol.dispose]();
  rmSync(source, { recursive: true });
});

/** One folder a repository, its objects in the order of the file. */
function serveAsOneOrganisation(): void {
  const lines = gunzipSync(readFileSync(REAL)).toString().trimEnd().split('\n');
  const folderOf = (line: string) =>
    /\/repos\/([^/]+)\/([^/]+)\/issues/.exec(JSON.parse(line).url)?.slice(1).join('.') ?? '';
  for (const [folder, issues] of Map.groupBy(lines, folderOf)) {
    mkdirSync(join(source, 'astronomerio', folder), { recursive: true });
    writeFileSync(join(source, 'astronomerio', folder, 'issues.ndjson'), `${issues.join('\n')}\n`);
  }
}

/** Plain SQL over the source file, sharing no code with the product. */
async function fromSource(sql: string): Promise<unknown[]> {
  const db = await (await DuckDBInstance.create()).connect();
  const columns = `{id: 'bigint', state: 'varchar', body: 'varchar', pull_request: 'json', assignee: 'struct(login varchar)'}`;
  const reader = await db.runAndReadAll(
    `with issue as (from read_json('${REAL}', format = 'newline_delimited', columns = ${columns})) ${sql}`,
  );
  return reader.getRows().map((row) => row.map((value) => (typeof value === 'bigint' ? Number(value) : value)));
}

describe.skipIf(!existsSync(REAL))('the real issues of 2015, served as one organisation', () => {
  beforeAll(async () => {
    serveAsOneOrganisation();
    const said = await sluice.run('run', 'github-to-redshift', '--source', source);
    expect(said, said.stdout + said.stderr).toMatchObject({ code: 0 });
  });

  test('715 objects in, 715 rows out, 154 of them pull requests', async () => {
    expect(await sluice.column('select count(*) from github_data.astronomerio_issues')).toEqual([715]);
    const pulls = 'select count(*) from github_data.astronomerio_issues where pull_request_url is not null';
    expect(await sluice.column(pulls)).toEqual([154]);
  });

  test('bodies arrive whole', async () => {
    const [expected] = await fromSource('select sum(strlen(body)), max(strlen(body)), count(body) from issue');
    const sql =
      'select sum(octet_length(body)), max(octet_length(body)), count(body) from github_data.astronomerio_issues';
    const { rows } = await sluice.json<{ rows: unknown[][] }>('query', sql);
    expect(rows[0]?.map(Number)).toEqual(expected);
  });

  test('open issues come to the 414 that plain SQL finds in the file: 371 unassigned, 43 over 38 people', async () => {
    const open = `from issue where state = 'open' and pull_request is null`;
    const [counted] = await fromSource(
      `select count(*), count(*) - count(assignee), count(assignee), count(distinct assignee.login) ${open}`,
    );
    expect(counted).toEqual([414, 371, 43, 38]);
    const { rows } = await sluice.json<{ rows: [string, number][] }>(
      'query',
      'select login, "count" from github_data.open_issue_count',
    );
    const people = rows.filter(([login]) => login !== '(unassigned)');
    const sum = (some: [string, number][]) => some.reduce((total, [, count]) => total + count, 0);
    expect([sum(rows), sum(rows) - sum(people), sum(people), people.length]).toEqual(counted);
  });

  test('each person has the count that plain SQL gives them', async () => {
    const expected = await fromSource(
      `select coalesce(assignee.login, '(unassigned)') as login, count(*) from issue
       where state = 'open' and pull_request is null group by 1 order by 1`,
    );
    const sql = 'select login, "count" from github_data.open_issue_count';
    const { rows } = await sluice.json<{ rows: [string, number][] }>('query', sql);
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(expected as [string, number][]));
  });

  test('the loads record that what was extracted is what is there', async () => {
    const sql = `select extracted, quarantined, staged, duplicates, inserted from sluice.loads
      where table_name = 'github_data.astronomerio_issues'`;
    expect((await sluice.json<{ rows: unknown[][] }>('query', sql)).rows).toEqual([[715, 0, 715, 0, 715]]);
  });
});
