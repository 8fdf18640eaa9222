import { expect, test } from 'vitest';
import { and, eq, type Graph, gt, not, or } from '#lib/dag/index.ts';
import { newDag, probe, to } from '../../worlds/probe.ts';

const edges = ({ tasks }: Graph) => Object.fromEntries(tasks.map(({ id, upstream }) => [id, upstream]));
const whens = ({ tasks }: Graph) => Object.fromEntries(tasks.map(({ id, when }) => [id, when]));

test('order between groups joins the ends of one to the beginnings of the other, nested or not', () => {
  const dag = newDag();
  const [a, b] = [dag.taskGroup('a'), dag.taskGroup('b')];
  const a1 = a.task('1', probe({ to }));
  a.task('2', probe({ to })).after(a1);
  a.task('3', probe({ to })).after(a1);
  const inner = b.taskGroup('in');
  inner.task('1', probe({ to }));
  b.task('last', probe({ to })).after(inner);
  b.task('free', probe({ to }));
  b.after(a);
  expect(edges(dag.graph())).toEqual({
    'a.1': [],
    'a.2': ['a.1'],
    'a.3': ['a.1'],
    'b.in.1': ['a.2', 'a.3'],
    'b.last': ['b.in.1'],
    'b.free': ['a.2', 'a.3'],
  });
});

test('what waits for a group waits for the tasks that end it, and takes single outputs as ever', () => {
  const dag = newDag();
  const group = dag.taskGroup('group');
  const one = group.task('one', probe({ to }));
  group.task('two', probe({ from: one.output, to }));
  dag.task('after', probe({ to })).after(group);
  dag.task('beside', probe({ from: one.output, to }));
  expect(edges(dag.graph())).toMatchObject({ after: ['group.two'], beside: ['group.one'] });
});

test('a task in a group may wait for one outside, and begins the group no less', () => {
  const dag = newDag();
  const [before, other] = [dag.task('before', probe({ to })), dag.task('other', probe({ to }))];
  const group = dag.taskGroup('group').after(before);
  group.task('one', probe({ to })).after(other);
  expect(edges(dag.graph())['group.one']).toEqual(['other', 'before']);
});

test('a condition makes its nodes wait for what it reads, and holds for the tasks that begin a group', () => {
  const dag = newDag();
  const check = dag.task('check', probe({ to }));
  const group = dag.taskGroup('group');
  const one = group.task('one', probe({ to }));
  group.task('two', probe({ to })).after(one);
  const other = dag.task('other', probe({ to }));
  dag.if(gt(check.output.rows, 3), group).else(other);
  const many = { $op: 'gt', args: [{ $ref: ['check', 'rows'] }, 3] };
  expect(edges(dag.graph())).toEqual({
    check: [],
    'group.one': ['check'],
    'group.two': ['group.one'],
    other: ['check'],
  });
  expect(whens(dag.graph())).toEqual({
    check: [],
    'group.one': [many],
    'group.two': [],
    other: [{ $op: 'not', args: [many] }],
  });
});

test('a switch is a condition for each case, and a node that has two needs both', () => {
  const dag = newDag();
  const check = dag.task('check', probe({ to }));
  const [a, b, c] = [dag.empty('a'), dag.empty('b'), dag.empty('c')];
  dag.switch(check.output.kind, { small: a, large: [b, c] });
  dag.if(or(eq(check.output.rows, 1), and(not(eq(dag.run.dagId, 'x')), eq(check.output.reason, 'x'))), c);
  const is = (value: string) => ({ $op: 'eq', args: [{ $ref: ['check', 'kind'] }, value] });
  expect(whens(dag.graph())).toMatchObject({
    a: [is('small')],
    b: [is('large')],
    c: [is('large'), { $op: 'or', args: [{ $op: 'eq' }, { $op: 'and', args: [{ $op: 'not' }, { $op: 'eq' }] }] }],
  });
});

test('awaiting a branch does nothing', async () => {
  const dag = newDag();
  const branch = dag.if(eq(dag.run.dagId, 'x'), dag.empty('a'));
  expect(await Promise.resolve(branch)).toBe(branch);
});
