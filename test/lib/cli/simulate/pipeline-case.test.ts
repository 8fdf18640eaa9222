import { expect, test } from 'vitest';
import * as z from 'zod';
import { answersOf } from '#lib/cli/simulate/case.ts';
import { machineOf } from '#lib/cli/simulate/compiled.ts';
import { simulate } from '#lib/cli/simulate/engine.ts';
import { caseOfGraph } from '#lib/cli/simulate/pipeline-case.ts';
import { taskType } from '#lib/contract/task-type.ts';
import { and, Dag, eq, gt, not } from '#lib/dag/index.ts';

const check = taskType('check', {
  input: z.object({}),
  output: z.object({
    ok: z.boolean(),
    kind: z.enum(['full', 'delta']),
    rows: z.int(),
    deep: z.object({ names: z.array(z.string()) }),
  }),
});

const asking = taskType('asking', {
  kind: 'callback',
  input: z.object({}),
  output: z.object({ by: z.enum(['Ann', 'Bob']) }),
});

/** Every kind of condition, and a mapped task. */
function graph() {
  const dag = new Dag('test', { schedule: null, startDate: '2026-01-01' });
  const { output } = dag.task('check', check({}));
  const task = (id: string) => dag.task(id, check({}));
  dag.if(output.ok, task('if_ok')).else(task('if_not_ok'));
  dag.switch(output.kind, { full: task('if_full'), delta: task('if_delta') });
  dag.if(and(gt(output.rows, 10), not(eq(output.kind, 'full'))), task('if_many'));
  dag.map('each', output.deep.names, () => check({})).before(dag.empty('done'));
  return dag.graph();
}

interface Wanted {
  readonly fail?: string[];
  readonly skip?: string[];
  readonly branch?: string[];
}

async function simulated({ fail = [], skip = [], branch = [] }: Wanted, of = graph()) {
  const wanted = caseOfGraph(of, { fail, skip, branch });
  const machine = machineOf(wanted.graph);
  return simulate(machine, answersOf(wanted, machine));
}

test('without a branch no condition holds, and what is else runs', async () => {
  expect(await simulated({})).toEqual({
    run: 'success',
    tasks: {
      check: 'success',
      if_ok: 'skipped',
      if_not_ok: 'success',
      if_full: 'skipped',
      if_delta: 'skipped',
      if_many: 'skipped',
      each: 'success',
      done: 'success',
    },
  });
});

test.for([
  ['check=if_ok', 'if_ok', 'if_not_ok'],
  ['check=if_delta', 'if_delta', 'if_full'],
  ['check=delta', 'if_delta', 'if_full'],
  ['check=if_full', 'if_full', 'if_delta'],
  ['check=if_many', 'if_many', 'if_ok'],
])('--branch %s runs %s and skips %s', async ([branch = '', runs = '', skips = '']) => {
  const { tasks } = await simulated({ branch: [branch] });
  expect(tasks).toMatchObject({ [runs]: 'success', [skips]: 'skipped' });
});

test('a task that fails or skips itself decides what follows it', async () => {
  expect((await simulated({ fail: ['check'] })).tasks).toMatchObject({ check: 'failed', done: 'upstream_failed' });
  expect((await simulated({ skip: ['check'] })).tasks).toMatchObject({ check: 'skipped', done: 'skipped' });
});

test('a mapped task fails by one of its two items', async () => {
  const { run, tasks } = await simulated({ fail: ['each'] });
  expect([run, tasks['each'], tasks['done']]).toEqual(['failed', 'failed', 'upstream_failed']);
});

test('a callback task is answered: it succeeds, fails, is skipped and chooses branches as others do', async () => {
  const dag = new Dag('asking', { schedule: null, startDate: '2026-01-01' });
  const { output } = dag.task('ask', asking({}), { timeout: '7d', retries: 2 });
  const by = [dag.task('if_ann', check({})), dag.task('if_bob', check({}))] as const;
  dag.switch(output.by, { Ann: by[0], Bob: by[1] });
  const of = dag.graph();
  expect(await simulated({ branch: ['ask=if_bob'] }, of)).toEqual({
    run: 'success',
    tasks: { ask: 'success', if_ann: 'skipped', if_bob: 'success' },
  });
  expect((await simulated({ fail: ['ask'] }, of)).tasks).toMatchObject({ ask: 'failed', if_ann: 'upstream_failed' });
  expect((await simulated({ skip: ['ask'] }, of)).tasks).toMatchObject({ ask: 'skipped', if_ann: 'skipped' });
});

test.for([
  [{ fail: ['none'] }, '--fail none: there is no such task. There are: check, '],
  [{ skip: ['done'] }, '--skip done: the task is empty'],
  [{ branch: ['check'] }, '--branch check: write it as <task>=<branch>.'],
  [{ branch: ['each=done'] }, 'each has no such branch. Tasks behind a condition that reads its output: none.'],
  [{ branch: ['check=done'] }, 'that reads its output: if_ok, if_not_ok, if_full, if_delta, if_many.'],
] as const)('%o is told', ([wanted, told]) => {
  expect(() => caseOfGraph(graph(), { fail: [], skip: [], branch: [], ...wanted })).toThrow(told);
});
