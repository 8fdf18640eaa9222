import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Project } from '../worlds/project.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const project = new Project();
const copy = project.root;
const sluice = project.sluice();

afterAll(() => {
  sluice[Symbol.dispose]();
  project[Symbol.dispose]();
});

/** The code of "Write a pipeline", by the path that its first line names. */
function blocks(): Map<string, string[]> {
  const section = readFileSync(join(ROOT, 'README.md'), 'utf8')
    .split('\n## ')
    .find((text) => text.startsWith('Write a pipeline'));
  const found = [...(section ?? '').matchAll(/```(?:ts|sql)\n(?:\/\/|--) ([\w./-]+).*\n([^`]+)```/g)];
  return new Map(found.map(([, path = '', code = '']) => [path, code.trimEnd().split('\n')]));
}

beforeAll(() => {
  for (const [path, lines] of blocks()) {
    const file = join(copy, path);
    if (path === 'lib/pipelines/index.ts') {
      const [entry] = lines;
      const index = readFileSync(file, 'utf8');
      // Whoever follows the README has it already.
      if (index.includes(`${entry}`)) continue;
      writeFileSync(file, index.replace(/(export const pipelines.*\n)/, `$1${entry}\n`));
    } else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${lines.join('\n')}\n`);
    }
  }
});

test('the pipeline of the README is at most 40 lines', () => {
  expect([...blocks().keys()]).toHaveLength(6);
  expect([...blocks().values()].flat().length).toBeLessThanOrEqual(40);
});

test('the pipeline of the README compiles', () => {
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  execFileSync(tsc, ['-p', copy], { stdio: 'pipe' });
});

test('the pipeline of the README runs, and fills its table', async () => {
  const run = await sluice.json<{ status: string }>('run', 'year', '--date', '2026-11-19');
  expect(run).toMatchObject({ status: 'success', tasks: [{ task: 'count' }, { task: 'keep' }] });
  expect(await sluice.column('select days from year.days_left')).toEqual([42]);
});
