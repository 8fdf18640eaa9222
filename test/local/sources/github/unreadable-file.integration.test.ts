/** What a file that cannot be read is served as: a failure that names it, as often as it is requested. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openGitHub } from '../../../worlds/local/github-client.ts';

const dir = mkdtempSync(join(tmpdir(), 'sluice-unreadable-'));
const closes: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closes) await close();
  rmSync(dir, { recursive: true });
});

const serve = async (source: string) => {
  const opened = await openGitHub({ source });
  closes.push(() => opened.github.close());
  const responses = async (path: string, count: number) => {
    const all: { status: number; text: string }[] = [];
    for (let n = 0; n < count; n++) {
      const response = await opened.get(path);
      all.push({ status: response.status, text: await response.text() });
    }
    return all;
  };
  return responses;
};
const failing = (path: string) => ({
  status: 500,
  text: expect.stringMatching(new RegExp(`Reading .*${path}: .*EISDIR`)),
});

test.each(['issues', 'pulls', 'issues/comments', 'comments', 'commits'])('the list %s', async (list) => {
  const names = { pulls: 'pull_requests', 'issues/comments': 'issue_comments', comments: 'commit_comments' };
  const name = `${(names as Record<string, string>)[list] ?? list}.ndjson`;
  const file = join(dir, 'acme', list.replace('/', '-'), name);
  mkdirSync(file, { recursive: true });
  const responses = await serve(dir);
  const path = `/repos/acme/${list.replace('/', '-')}/${list}?state=all`;
  expect(await responses(path, 3)).toEqual(Array(3).fill(failing(name)));
  rmSync(file, { recursive: true });
  writeFileSync(file, '{"id":1}\n');
  expect(await responses(path, 2)).toEqual(Array(2).fill({ status: 200, text: '[{"id":1}]' }));
  rmSync(file);
  mkdirSync(file);
  expect(await responses(path, 2)).toEqual(Array(2).fill(failing(name)));
});

test('the members of an organisation', async () => {
  mkdirSync(join(dir, 'other', 'members.ndjson'), { recursive: true });
  const responses = await serve(dir);
  expect(await responses('/orgs/other/members', 2)).toEqual(Array(2).fill(failing('members.ndjson')));
});

test('descriptions of repositories that are no JSON are named with their line', async () => {
  const source = join(dir, 'described');
  mkdirSync(join(source, 'acme'), { recursive: true });
  writeFileSync(join(source, 'acme', 'repositories.ndjson'), '{"name":"one"}\n{"name":\n');
  await expect(openGitHub({ source })).rejects.toThrow(/Reading .*repositories\.ndjson, line 2: /);
});

const CASE = '../shared/cases/unreadable-file';
test.skipIf(!existsSync(CASE))('the case unreadable-file', async () => {
  const responses = await serve(CASE);
  const path = '/repos/astronomerio/r/issues';
  expect(await responses(path, 3)).toEqual(Array(3).fill(failing('issues.ndjson')));
});
