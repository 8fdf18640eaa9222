import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGitHub } from '#local/sources/github/index.ts';
import { openGitHub } from '../../../worlds/local/github-client.ts';

const REAL = '../shared/data/github/issues.ndjson.gz';
const dir = mkdtempSync(join(tmpdir(), 'sluice-source-'));
const lay = (path: string, content: string | Buffer) => {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), content);
};

/** What re-serializing would change: 1.0, a big integer, spaces, escapes, repeated keys. */
const LINES = [
  '{"id": 1, "state": "open", "x": 1.0, "n": 12345678901234567890}',
  '{"id":2,"state":"closed","body":"\\u00fc \\/","a":1,"a":2}',
  '{"id":3 , "state":"open","title":"日本語"}',
  'this line is not JSON',
];

let opened: Awaited<ReturnType<typeof openGitHub>>;
beforeAll(async () => {
  lay('acme/one/issues.ndjson', `${LINES[0]}\n\n${LINES[1]}\n${LINES[2]}\n${LINES[3]}`);
  mkdirSync(join(dir, 'acme/two'), { recursive: true });
  lay('acme/members.ndjson', '{"login":"ada","id":1}\n');
  opened = await openGitHub({ source: dir });
});
afterAll(async () => {
  await opened.github.close();
  rmSync(dir, { recursive: true });
});

test('lines go out byte for byte, in the order of the file', async () => {
  const [page] = await opened.pages('/repos/acme/one/issues?state=all');
  expect(page?.text).toBe(`[${LINES.join(',')}]`);
  const single = await opened.pages('/repos/acme/one/issues?state=all&per_page=1');
  expect(single.map(({ text }) => text)).toEqual(LINES.map((line) => `[${line}]`));
});

test('open objects are listed by default; what cannot be read is not withheld', async () => {
  const [page] = await opened.pages('/repos/acme/one/issues');
  expect(page?.text).toBe(`[${LINES[0]},${LINES[2]},${LINES[3]}]`);
});

test("an organisation's folders are its repositories, and what is missing is an empty list", async () => {
  expect(await opened.all('/orgs/acme/repos')).toMatchObject([
    { name: 'one', full_name: 'acme/one', owner: { login: 'acme' } },
    { name: 'two', full_name: 'acme/two' },
  ]);
  expect(await opened.all('/orgs/acme/members')).toEqual([{ login: 'ada', id: 1 }]);
  expect(await opened.all('/repos/acme/two/issues')).toEqual([]);
  expect(await opened.all('/orgs/elsewhere/repos')).toEqual([]);
  expect(await opened.all('/orgs/elsewhere/members')).toEqual([]);
  expect((await opened.get('/repos/acme/three/issues')).status).toBe(404);
  expect((await opened.get('/orgs/%2e%2e/repos')).status).toBe(404);
});

test('a file that changes is served as it is now', async () => {
  lay('acme/two/issues.ndjson', '{"id":9}\n');
  expect(await opened.all('/repos/acme/two/issues?state=all')).toEqual([{ id: 9 }]);
  lay('acme/two/issues.ndjson', '{"id":9}\n{"id":10}\n');
  expect(await opened.all('/repos/acme/two/issues?state=all')).toHaveLength(2);
  rmSync(join(dir, 'acme/two/issues.ndjson'));
  expect(await opened.all('/repos/acme/two/issues?state=all')).toEqual([]);
});

test('a source that is not a folder is an error that names it', async () => {
  await expect(startGitHub({ source: join(dir, 'absent') })).rejects.toThrow(/absent': there is no such folder/);
});

test.skipIf(!existsSync(REAL))('the real issues go out whole, several files in many pages', async () => {
  const text = gunzipSync(readFileSync(REAL)).toString('utf8');
  const byRepository = Map.groupBy(text.trimEnd().split('\n'), (line) =>
    JSON.parse(line).url.split('/').slice(4, 6).join('.'),
  );
  for (const [name, lines] of byRepository) lay(`real/${name}/issues.ndjson`, `${lines.join('\n')}\n`);
  const repositories = await opened.all('/orgs/real/repos?per_page=100');
  expect(repositories).toHaveLength(byRepository.size);
  let count = 0;
  for (const [name, lines] of byRepository) {
    const pages = await opened.pages(`/repos/real/${name}/issues?state=all&per_page=7`);
    const cut = Array.from({ length: pages.length }, (_, n) => `[${lines.slice(n * 7, n * 7 + 7).join(',')}]`);
    expect(pages.map((page) => page.text)).toEqual(cut);
    count += lines.length;
  }
  expect(count).toBe(715);
});
