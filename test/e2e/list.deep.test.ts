import { afterAll, expect, test } from 'vitest';
import { Project } from '../worlds/project.ts';

const project = new Project();
const sluice = project.sluice();
afterAll(() => {
  sluice[Symbol.dispose]();
  project[Symbol.dispose]();
});

const dag = (name: string) => `
import { Dag } from '#sluice';

export const dag = new Dag('${name}', { schedule: null, startDate: '2026-01-01' });
dag.empty('nothing');
`;

interface ListedPipeline {
  readonly pipeline: string;
  readonly error?: string;
}
const listed = async () => (await sluice.json<ListedPipeline[]>('list')).map(({ pipeline }) => pipeline);

test('a pipeline that was written since the last command is listed', async () => {
  const pipelines = { first: { file: 'first.ts', dag: 'dag' }, nap: { file: 'nap.ts', dag: 'dag' } };
  project.write('lib/pipelines/first.ts', dag('first'));
  project.list({ first: pipelines.first });
  expect(await listed()).toEqual(['first']);
  project.write('lib/pipelines/nap.ts', dag('nap'));
  project.list(pipelines);
  expect((await listed()).sort()).toEqual(['first', 'nap']);
});

/** Each breaks its pipeline in another way; what is said of it names the file, and the line where there is one. */
const BROKEN = {
  syntax: ['export const dag = ;', 'lib/pipelines/syntax/dag.ts:1: SyntaxError'],
  missing: ["\nimport { x } from './nowhere.ts';\nexport const dag = x;", 'lib/pipelines/missing/dag.ts:2: '],
  throwing: ["\n\nthrow new Error('no luck');", 'lib/pipelines/throwing/dag.ts:3: no luck'],
  refused: [dag('refused').replace('null', "'@dayly' as never"), "schedule: '@dayly'"],
  other: [dag('nap'), "'other' has the DAG 'nap'"],
  bundle: [
    `import { Dag, taskType } from '#sluice';\nimport * as z from 'zod';\nconst own = taskType('own', { input: z.object({}), output: z.object({}) });
      export const dag = new Dag('bundle', { schedule: null, startDate: '2026-01-01' });\ndag.task('own', own({}));`,
    'Bundling lambdas/tasks/own/handler.ts: lambdas/tasks/own/handler.ts:2: ',
  ],
} as const;

test('a pipeline that is broken breaks alone, and is listed with what is wrong and where', async () => {
  project.write('lambdas/tasks/own/handler.ts', "\nexport { handler } from './nowhere.ts';");
  project.write('lib/pipelines/nap.ts', dag('nap'));
  for (const [name, [code]] of Object.entries(BROKEN)) project.write(`lib/pipelines/${name}/dag.ts`, code);
  const broken = Object.keys(BROKEN).map((name) => `  ${name}: () => import('./${name}/dag.ts'),\n`);
  const entries = ["  nap: () => import('./nap.ts'),\n", ...broken].join('');
  project.write('lib/pipelines/index.ts', `export const pipelines: Record<string, any> = {\n${entries}};\n`);

  const all = await sluice.json<ListedPipeline[]>('list');
  const errors = Object.fromEntries(all.map(({ pipeline, error }) => [pipeline, error]));
  for (const [name, [, problem]] of Object.entries(BROKEN)) expect(errors[name]).toContain(problem);
  expect(Object.keys(errors)).toContain('nap');
  expect(await sluice.json('run', 'nap')).toMatchObject({ status: 'success' });
  const { code, stderr } = await sluice.run('run', 'bundle');
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(BROKEN.bundle[1]) });
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
