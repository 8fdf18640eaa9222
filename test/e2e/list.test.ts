import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { copyOfProject } from '../worlds/project.ts';
import { Sluice } from '../worlds/sluice.ts';

const copy = copyOfProject();
const sluice = new Sluice(copy);
afterAll(() => {
  sluice[Symbol.dispose]();
  rmSync(copy, { recursive: true });
});

const DAG = `
import { Dag } from '#sluice';

export const dag = new Dag('nap', { schedule: null, startDate: '2026-01-01' });
dag.empty('nothing');
`;

const listed = async () => (await sluice.json<{ pipeline: string }[]>('list')).map(({ pipeline }) => pipeline);

test('a pipeline that was written since the last command is listed', async () => {
  expect(await listed()).not.toContain('nap');
  mkdirSync(join(copy, 'lib/pipelines/nap'));
  writeFileSync(join(copy, 'lib/pipelines/nap/dag.ts'), DAG);
  add("nap: () => import('./nap/dag.ts')");
  expect(await listed()).toContain('nap');
}, 120_000);

/** A line more in lib/pipelines/index.ts. */
function add(line: string): void {
  const index = join(copy, 'lib/pipelines/index.ts');
  writeFileSync(index, readFileSync(index, 'utf8').replace(/(export const pipelines.*\n)/, `$1  ${line},\n`));
}

/** Each breaks its pipeline in another way; what is said of it names the file, and the line where there is one. */
const BROKEN = {
  syntax: ['export const dag = ;', 'lib/pipelines/syntax/dag.ts:1: SyntaxError'],
  missing: ["\nimport { x } from './nowhere.ts';\nexport const dag = x;", 'lib/pipelines/missing/dag.ts:2: '],
  throwing: ["\n\nthrow new Error('no luck');", 'lib/pipelines/throwing/dag.ts:3: no luck'],
  refused: [DAG.replace("'nap'", "'refused'").replace('null', "'@dayly' as never"), "schedule: '@dayly'"],
  other: [DAG, "'other' has the DAG 'nap'"],
  bundle: [
    `import { Dag, taskType } from '#sluice';\nimport * as z from 'zod';\nconst own = taskType('own', { input: z.object({}), output: z.object({}) });
     export const dag = new Dag('bundle', { schedule: null, startDate: '2026-01-01' });\ndag.task('own', own({}));`,
    'Bundling lambdas/tasks/own/handler.ts: lambdas/tasks/own/handler.ts:2: ',
  ],
} as const;

test('a pipeline that is broken breaks alone, and is listed with what is wrong and where', async () => {
  mkdirSync(join(copy, 'lambdas/tasks/own'));
  writeFileSync(join(copy, 'lambdas/tasks/own/handler.ts'), "\nexport { handler } from './nowhere.ts';");
  for (const [name, [code]] of Object.entries(BROKEN)) {
    mkdirSync(join(copy, 'lib/pipelines', name));
    writeFileSync(join(copy, 'lib/pipelines', name, 'dag.ts'), code);
    add(`${name}: () => import('./${name}/dag.ts')`);
  }
  const all = await sluice.json<{ pipeline: string; error?: string }[]>('list');
  const errors = Object.fromEntries(all.map(({ pipeline, error }) => [pipeline, error]));
  for (const [name, [, problem]] of Object.entries(BROKEN)) expect(errors[name]).toContain(problem);
  expect(Object.keys(errors)).toContain('github-to-redshift');
  expect(await sluice.json('run', 'nap')).toMatchObject({ status: 'success' });
  const { code, stderr } = await sluice.run('run', 'bundle');
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(BROKEN.bundle[1]) });
  expect(stderr.trim().split('\n')).toHaveLength(1);
}, 300_000);
