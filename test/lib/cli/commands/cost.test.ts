import { expect, test } from 'vitest';
import { pipelineNames } from '#lib/pipelines/load.ts';
import { sluice } from '../../../worlds/command-line.ts';

test('sluice cost prints a line for each pipeline, what is assumed, and the sum after what is free', async () => {
  const { stdout, code } = await sluice('cost');
  for (const name of pipelineNames()) expect(stdout).toMatch(new RegExp(`^${name} +\\d+ +\\d+`, 'm'));
  expect(stdout).toContain('extract_astronomerio_by_repository: 2 and 0 an item');
  expect(stdout).toMatch(/transitions a month, 4,000 of them free: \$\d+\.\d\d at \$0\.025 per 1,000/);
  expect(code).toBe(0);
});

test('sluice cost <pipeline> --json gives the figures, with the items that are assumed', async () => {
  const of = async (items: string) => {
    const { stdout } = await sluice('cost', 'github-to-redshift', '--items', items, '--json');
    return JSON.parse(stdout).pipelines[0];
  };
  const [ten, eleven] = [await of('10'), await of('11')];
  const perItem = eleven.mapped.reduce((sum: number, { transitions }: { transitions: number }) => sum + transitions, 0);
  expect(eleven.run.transitions - ten.run.transitions).toBe(perItem);
  expect(ten).toMatchObject({ pipeline: 'github-to-redshift', items: 10, worst: { transitions: expect.any(Number) } });
});

test('a pipeline that is not there, or items that are no number, are usage', async () => {
  expect(await sluice('cost', 'nothing')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("There is no pipeline 'nothing'. There are: github-to-redshift"),
  });
  expect(await sluice('cost', '--items', 'many')).toMatchObject({ code: 2 });
});
