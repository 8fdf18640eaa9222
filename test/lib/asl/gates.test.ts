import { expect, test } from 'vitest';
import { TRIGGER_RULES } from '#lib/dag/options.ts';
import { compiled, edges, execute, graphOf, statesOf, statusesOf } from '../../worlds/machines.ts';
import { expectedOf, type Outcome } from '../../worlds/reference.ts';

const FRAME = ['Begin run', 'Already run', 'Succeeded', 'Failed'];
const choices = (graph: Parameters<typeof compiled>[0]) =>
  statesOf(compiled(graph)).flatMap(([name, type]) => (type === 'Choice' ? [name] : []));
const eq = (task: string, field: string, value: unknown) => ({ $op: 'eq', args: [{ $ref: [task, field] }, value] });

/** Tasks that end as their names begin: `ok…`, `bad…`, `skip…`. */
const byName = ({ task }: { task: { id: string } }) => {
  if (task.id.startsWith('bad')) throw { error: 'Sluice.Terminal', cause: '{}' };
  if (task.id.startsWith('skip')) throw { error: 'Sluice.Skipped', cause: '{}' };
  return { verdict: 'clean', rows: 3, flag: true };
};

const UPSTREAMS = {
  success: [{ id: 'ok' }],
  failed: [{ id: 'bad' }],
  skipped: [{ id: 'skip' }],
  upstream_failed: [{ id: 'bad_before' }, { id: 'blocked', upstream: ['bad_before'] }],
};
type Upstream = keyof typeof UPSTREAMS;
const STATUSES = Object.keys(UPSTREAMS) as Upstream[];
const named = (status: Upstream, suffix: string) =>
  UPSTREAMS[status].map(({ id, ...rest }) => ({
    id: `${id}${suffix}`,
    upstream: 'upstream' in rest ? rest.upstream.map((up) => `${up}${suffix}`) : [],
  }));

test.for(TRIGGER_RULES)('%s decides as its table says of one upstream and of every pair', async (triggerRule) => {
  for (const [one, other] of STATUSES.flatMap((a) => [undefined, ...STATUSES].map((b) => [a, b] as const))) {
    const above = [...named(one, '_1'), ...(other ? named(other, '_2') : [])];
    const last = [`${UPSTREAMS[one].at(-1)?.id}_1`, ...(other ? [`${UPSTREAMS[other].at(-1)?.id}_2`] : [])];
    const graph = graphOf([...above, { id: 'ok_last', upstream: last, triggerRule }]);
    const ends = (id: string): Outcome['ends'] =>
      id.startsWith('bad') ? 'failed' : id.startsWith('skip') ? 'skipped' : 'success';
    const outcomes = new Map(graph.tasks.map(({ id }) => [id, { ends: ends(id), output: {}, items: [] }]));
    const run = await execute(graph, { answer: byName });
    expect({ one, other, statuses: statusesOf(run) }).toEqual({
      one,
      other,
      statuses: expectedOf(graph, outcomes, {}).tasks,
    });
  }
});

test('all_success with a skip and a failure is upstream_failed, whichever came first', async () => {
  const run = await execute(edges({ skip: [], bad: [], ok: ['skip', 'bad'] }), { answer: byName });
  expect(statusesOf(run)).toEqual({ skip: 'skipped', bad: 'failed', ok: 'upstream_failed' });
});

test('a run fails by its leaves: a failure that somebody dealt with does not count', async () => {
  const dealt = graphOf([{ id: 'bad' }, { id: 'ok', upstream: ['bad'], triggerRule: 'all_failed' }]);
  expect(await execute(dealt, { answer: byName })).toMatchObject({ status: 'SUCCEEDED' });
  const open = graphOf([{ id: 'bad' }, { id: 'ok', triggerRule: 'all_failed' }]);
  expect(await execute(open, { answer: byName })).toMatchObject({ status: 'FAILED', error: 'Sluice.RunFailed' });
  const skipped = await execute(edges({ skip: [], ok: ['skip'] }), { answer: byName });
  expect(skipped).toMatchObject({ status: 'SUCCEEDED', output: { skip: 'skipped', ok: 'skipped' } });
});

test('a task that skips itself is not tried again', async () => {
  const run = await execute(graphOf([{ id: 'skip', retries: 5 }]), { answer: byName });
  expect(run.calls).toHaveLength(1);
});

test('a task that cleans up after a chain needs no Choice: every end of the chain leads to it', async () => {
  const graph = graphOf([
    { id: 'ok' },
    { id: 'bad', upstream: ['ok'] },
    { id: 'ok_after', upstream: ['bad'] },
    { id: 'ok_clean', upstream: ['ok_after'], triggerRule: 'all_done' },
  ]);
  expect(choices(graph)).toEqual([]);
  const run = await execute(graph, { answer: byName });
  expect(run.output).toEqual({ ok: 'success', bad: 'failed', ok_after: 'upstream_failed', ok_clean: 'success' });
});

test('a task that only a failure calls is passed by where nothing failed', async () => {
  const graph = graphOf([{ id: 'ok' }, { id: 'alert', upstream: ['ok'], triggerRule: 'one_failed' }]);
  expect(choices(graph)).toEqual([]);
  expect((await execute(graph, { answer: byName })).output).toEqual({ ok: 'success', alert: 'skipped' });
});

test('a join that runs in any case has no Choice, and one that a failure or a skip can reach has one', () => {
  const fork = [{ id: 'a' }, { id: 'b' }];
  const join = { id: 'c', upstream: ['a', 'b'] };
  expect(choices(graphOf([...fork, { ...join, triggerRule: 'all_done' }]))).toEqual([]);
  expect(choices(graphOf([...fork, join]))).toEqual(['Join 1']);
  const empties = fork.map((task) => ({ ...task, type: null }));
  expect(choices(graphOf([...empties, join]))).toEqual([]);
});

test('tasks that ask the same have one Choice in front of their fork', () => {
  const graph = edges({ a: [], b: [], c: ['a', 'b'], d: ['a', 'b'], e: ['c'] });
  expect(choices(graph)).toEqual(['Join 1', 'Join 2']);
});

test('a branch is a Choice in front of its task, and what is not taken is skipped with all that follows', async () => {
  const graph = graphOf([
    { id: 'check' },
    { id: 'store', upstream: ['check'], when: [eq('check', 'verdict', 'clean')] },
    { id: 'alert', upstream: ['check'], when: [eq('check', 'verdict', 'dirty')] },
    { id: 'after', upstream: ['alert'] },
    { id: 'end', upstream: ['store', 'after'], triggerRule: 'none_failed_min_one_success' },
  ]);
  expect(choices(graph)).toEqual(['Join 1', 'store?', 'alert?']);
  expect((await execute(graph, { answer: byName })).output).toEqual({
    check: 'success',
    store: 'success',
    alert: 'skipped',
    after: 'skipped',
    end: 'success',
  });
});

test('a condition of a task that did not succeed is not asked: the trigger rule decides', async () => {
  const when = [eq('bad', 'verdict', 'clean')];
  const gated = (triggerRule: 'all_done' | 'all_success') =>
    graphOf([{ id: 'bad' }, { id: 'ok', upstream: ['bad'], when, triggerRule }]);
  expect(statusesOf(await execute(gated('all_done'), { answer: byName }))).toEqual({ bad: 'failed', ok: 'success' });
  expect(statusesOf(await execute(gated('all_success'), { answer: byName }))).toMatchObject({ ok: 'upstream_failed' });
});

test('a condition that does not hold skips its task, whatever became of the other upstreams', async () => {
  const graph = graphOf([
    { id: 'ok' },
    { id: 'bad' },
    { id: 'ok_gated', upstream: ['ok', 'bad'], when: [eq('ok', 'verdict', 'dirty')] },
  ]);
  expect(statusesOf(await execute(graph, { answer: byName }))).toMatchObject({ ok_gated: 'skipped' });
});

const total: [unknown, boolean][] = [
  [{ $ref: ['ok', 'flag'] }, true],
  [{ $ref: ['ok', 'verdict'] }, false],
  [{ $ref: ['ok', 'gone', 'deeper'] }, false],
  [{ $op: 'gt', args: [{ $ref: ['ok', 'rows'] }, 2] }, true],
  [{ $op: 'gt', args: [{ $ref: ['ok', 'rows'] }, 3] }, false],
  [{ $op: 'gt', args: [{ $ref: ['ok', 'verdict'] }, 3] }, false],
  [{ $op: 'gt', args: [{ $ref: ['ok', 'gone'] }, 3] }, false],
  [eq('ok', 'gone', null), false],
  [{ $op: 'not', args: [eq('ok', 'gone', 1)] }, true],
  [{ $op: 'and', args: [{ $ref: ['ok', 'flag'] }, { $ref: ['ok', 'gone'] }] }, false],
  [{ $op: 'or', args: [{ $ref: ['ok', 'gone'] }, { $ref: ['ok', 'flag'] }] }, true],
  [{ $op: 'and', args: [] }, true],
  [{ $op: 'or', args: [] }, false],
];
test.for(total)('the condition %j comes to %j', async ([condition, holds]) => {
  const graph = graphOf([{ id: 'ok' }, { id: 'gated', upstream: ['ok'], when: [condition] }]);
  const run = await execute(graph, { answer: byName });
  expect(run.output).toEqual({ ok: 'success', gated: holds ? 'success' : 'skipped' });
});

test('a condition is also a value', async () => {
  const input = { isMany: { $op: 'gt', args: [{ $ref: ['ok', 'rows'] }, 2] } };
  const { calls } = await execute(graphOf([{ id: 'ok' }, { id: 'next', upstream: ['ok'], input }]), { answer: byName });
  expect(calls.at(-1)?.input).toEqual({ isMany: true });
});

test('a chain of 1,000 tasks has no state besides them, and a status for each wherever it breaks', async () => {
  const ids = Array.from({ length: 1000 }, (_, index) => (index === 700 ? 'bad' : `t${index}`));
  const graph = graphOf(ids.map((id, index) => ({ id, upstream: ids.slice(Math.max(0, index - 1), index) })));
  expect(statesOf(compiled(graph))).toHaveLength(ids.length + FRAME.length);
  const run = await execute(graph, { answer: byName });
  const statuses = statusesOf(run) as Record<string, string>;
  expect(ids.map((id) => statuses[id])).toEqual(
    ids.map((_, index) => (index < 700 ? 'success' : index === 700 ? 'failed' : 'upstream_failed')),
  );
});
