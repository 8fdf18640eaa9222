import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { missingFrom } from '../scripts/complete-lock.ts';
import { siblingCycles } from './worlds/sibling-cycles.ts';

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

interface Cruised {
  readonly source: string;
  readonly dependencies: readonly { readonly resolved: string }[];
}
/** What dependency-cruiser finds in a project: the rules that are broken, and who imports whom. */
async function cruise(cwd: string) {
  const args = [
    '--output-type',
    'json',
    ...['bin', 'lib', 'lambdas', 'local'].filter((name) => existsSync(join(cwd, name))),
  ];
  // With violations it exits with their number.
  const { stdout } = await run(depcruise, args, { cwd, maxBuffer: 1 << 28 }).catch((error) => error);
  const { summary, modules } = JSON.parse(stdout);
  const broken = summary.violations.map(({ rule, from }: { rule: { name: string }; from: string }) => [
    rule.name,
    from,
  ]);
  return { broken: broken as [string, string][], modules: modules as Cruised[] };
}

const isSource = (file: string) => /^(bin|lib|lambdas|local)\/.*\.ts$/.test(file);

/**
 * Where siblings may import each other in a circle: `lib` and `lambdas` share the contracts of task types, which the
 * rules about rooms take care of.
 */
const CIRCLES = [': lambdas lib'];

test('the folders import each other only as the rules say, and the check sees every source file', async () => {
  const { broken, modules } = await cruise(root);
  expect(broken).toEqual([]);
  const cruised = new Set(modules.map(({ source }) => source));
  const sources = (await tracked()).filter(isSource);
  expect(sources.length).toBeGreaterThan(0);
  expect(sources.filter((file) => !cruised.has(file))).toEqual([]);

  const edges = modules
    .filter(({ source }) => isSource(source))
    .flatMap(({ source, dependencies }) =>
      dependencies.filter(({ resolved }) => isSource(resolved)).map(({ resolved }) => [source, resolved] as const),
    );
  expect(edges.length).toBeGreaterThan(sources.length);
  expect(siblingCycles(edges).filter((circle) => !CIRCLES.some((known) => circle.startsWith(known)))).toEqual([]);
});

test('every source file lies in a room that a rule names, and every rule names a room', async () => {
  const rules: { name: string; from: { path?: string; pathNot?: string[] } }[] = createRequire(import.meta.url)(
    '../.dependency-cruiser.cjs',
  ).forbidden;
  const rooms = (rules.find(({ name }) => name === 'every-file-has-a-room')?.from.pathNot ?? []).map(
    (path) => new RegExp(path),
  );
  const sources = (await tracked()).filter((file) => isSource(file) && existsSync(join(root, file)));
  expect(sources.filter((file) => !rooms.some((room) => room.test(file)))).toEqual([]);
  expect(rooms.filter((room) => !sources.some((file) => room.test(file)))).toEqual([]);
});

/** Files of a small project, each of which breaks the rule that stands before it. */
const BREACHES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  contract: {
    'lib/contract/a.ts': "import type { B } from '../dag/b.ts';\nexport type A = B;",
    'lib/dag/b.ts': 'export type B = 1;',
  },
  'every-file-has-a-room': { 'lambdas/odd/a.ts': "import '../../lib/dag/b.ts';" },
  'no-cycles': { 'local/loop/a.ts': "import './b.ts';", 'local/loop/b.ts': "import './a.ts';" },
  // No cycle of files is in it.
  'no-folder-cycles': {
    'lambdas/lake/one/a.ts': "import '../other/a.ts';",
    'lambdas/lake/other/a.ts': 'export {};',
    'lambdas/lake/other/b.ts': "import '../one/b.ts';",
    'lambdas/lake/one/b.ts': 'export {};',
  },
  machine: { 'local/machine/a.ts': "import '../loop/a.ts';" },
  'door-of-local/sns': {
    'local/events/a.ts': "import '../sns/inner.ts';",
    'local/sns/index.ts': 'export {};',
    'local/sns/inner.ts': 'export {};',
  },
  'door-of-local': { 'lib/cli/a.ts': "import '../../local/events/a.ts';" },
};

test('the check of imports fails on each kind of breach, type-only imports included', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-layers-'));
  folders.push(folder);
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
    copyFileSync(join(root, file), join(folder, file));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [file, text] of Object.values(BREACHES).flatMap((files) => Object.entries(files))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${text}\n`);
  }
  const { broken } = await cruise(folder);
  expect(new Set(broken.map(([rule]) => rule))).toEqual(new Set(Object.keys(BREACHES)));
});

test('a circle between a file and the folder beside it is found', () => {
  const edges = [
    ['lib/a/plan.ts', 'lib/a/engines/copy.ts'],
    ['lib/a/engines/words.ts', 'lib/a/shape.ts'],
    ['lib/a/shape.ts', 'lib/a/plan.ts'],
    ['lib/b/one.ts', 'lib/a/plan.ts'],
  ] as const;
  expect(siblingCycles(edges)).toEqual(['lib/a: engines plan.ts shape.ts']);
});
