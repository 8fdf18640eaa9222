import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { missingFrom } from '../scripts/complete-lock.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');
const depcruise = join(root, 'node_modules/.bin/depcruise');
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const tracked = async () => (await run('git', ['ls-files'], { cwd: root })).stdout.trim().split('\n');

test('the lock file has an entry for every optional dependency, and names no registry', () => {
  const text = readFileSync(join(root, 'package-lock.json'), 'utf8');
  expect(missingFrom(JSON.parse(text))).toEqual([]);
  expect(text).not.toMatch(/"resolved": "http/);
});

test('every direct dependency has its reason in docs/dependencies.md', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const reasons = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');
  const silent = Object.keys({ ...dependencies, ...devDependencies }).filter(
    (name) => !reasons.includes(`\`${name}\``),
  );
  expect(silent).toEqual([]);
});

test('no file or folder is named after nothing', async () => {
  const vague = /(^|\/)(utils?|helpers?|common|shared|misc|types)(\/|\.\w+$)/;
  expect((await tracked()).filter((file) => vague.test(file.replace(/^test\/types\//, '')))).toEqual([]);
});

test('the folders import each other only as the rules say, and the check sees every source file', async () => {
  const args = ['--output-type', 'json', 'bin', 'lib', 'lambdas', 'local'];
  const { stdout } = await run(depcruise, args, { cwd: root, maxBuffer: 1 << 28 });
  const { summary, modules } = JSON.parse(stdout);
  expect(summary.violations).toEqual([]);
  const cruised = new Set(modules.map(({ source }: { source: string }) => source));
  const sources = (await tracked()).filter((file) => /^(bin|lib|lambdas|local)\/.*\.ts$/.test(file));
  expect(sources.length).toBeGreaterThan(0);
  expect(sources.filter((file) => !cruised.has(file))).toEqual([]);
}, 60_000);

test('the check of imports fails on a type-only import in the wrong direction', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-layers-'));
  folders.push(folder);
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
    copyFileSync(join(root, file), join(folder, file));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'lib/contract'), { recursive: true });
  mkdirSync(join(folder, 'lib/dag'));
  writeFileSync(join(folder, 'lib/contract/a.ts'), "import type { B } from '../dag/b.ts';\nexport type A = B;\n");
  writeFileSync(join(folder, 'lib/dag/b.ts'), 'export type B = 1;\n');
  await expect(run(depcruise, ['lib'], { cwd: folder })).rejects.toMatchObject({
    stdout: expect.stringContaining('error contract:'),
  });
}, 60_000);
