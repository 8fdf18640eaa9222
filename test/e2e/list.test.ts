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
import { Dag } from '#lib/dag/index.ts';

export const nap = new Dag('nap', { schedule: null, startDate: '2026-01-01' });
nap.empty('nothing');
`;

const listed = async () => (await sluice.json<{ pipeline: string }[]>('list')).map(({ pipeline }) => pipeline);

test('a pipeline that was written since the last command is listed', async () => {
  expect(await listed()).not.toContain('nap');
  mkdirSync(join(copy, 'lib/pipelines/nap'));
  writeFileSync(join(copy, 'lib/pipelines/nap/dag.ts'), DAG);
  const index = join(copy, 'lib/pipelines/index.ts');
  const text = readFileSync(index, 'utf8').replace(
    /(export const pipelines.*\n)/,
    '$1  nap: { dag: nap, tables: [] },\n',
  );
  writeFileSync(index, `import { nap } from './nap/dag.ts';\n${text}`);
  expect(await listed()).toContain('nap');
}, 120_000);
