import { createRequire } from 'node:module';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadPipeline, pipelineNames } from '#lib/pipelines/load.ts';
import { compiled } from '../../worlds/machines.ts';
import { randomGraph } from '../../worlds/random-graphs.ts';

const validate = createRequire(import.meta.url)('asl-validator') as (machine: object) => { errors: object[] };
const problems = (machine: object) => validate(machine).errors;

test.for(pipelineNames())('asl-validator accepts the machine of %s', async (name) => {
  const graph = (await loadPipeline(name))?.dag.graph();
  expect(graph && problems(compiled(graph))).toEqual([]);
});

test('asl-validator accepts the machines of random DAGs', () => {
  fc.assert(
    fc.property(randomGraph, ({ graph }) => {
      expect(problems(compiled(graph))).toEqual([]);
      expect(problems(compiled({ ...graph, failFast: true }))).toEqual([]);
    }),
    { numRuns: 5 },
  );
});
