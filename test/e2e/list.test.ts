import { afterAll, expect, test } from 'vitest';
import { Project } from '../worlds/project.ts';

const project = new Project();
const sluice = project.sluice();
afterAll(() => {
  sluice[Symbol.dispose]();
  project[Symbol.dispose]();
});

const dag = (name: string) => `
import { Dag } from '#lib/dag/index.ts';

export const dag = new Dag('${name}', { schedule: null, startDate: '2026-01-01' });
dag.empty('nothing');
`;

const listed = async () => (await sluice.json<{ pipeline: string }[]>('list')).map(({ pipeline }) => pipeline);

test('a pipeline that was written since the last command is listed', async () => {
  const pipelines = { first: { file: 'first.ts', dag: 'dag' }, nap: { file: 'nap.ts', dag: 'dag' } };
  project.write('lib/pipelines/first.ts', dag('first'));
  project.list({ first: pipelines.first });
  expect(await listed()).toEqual(['first']);
  project.write('lib/pipelines/nap.ts', dag('nap'));
  project.list(pipelines);
  expect((await listed()).sort()).toEqual(['first', 'nap']);
});
