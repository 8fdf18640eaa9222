import { expect, test } from 'vitest';
import { casesOf as casesOfFile } from '#lib/cli/simulate/graph-file.ts';

const casesOf = (text: string) => casesOfFile('graphs', text);
const line = (...tasks: object[]) => JSON.stringify({ tasks });
const problem = (text: string): string => {
  try {
    casesOf(text);
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
};

test('each line is a graph, named by its number; empty lines and fields beside the tasks are left out', () => {
  const cases = casesOf(`${line({ id: 'a' })}\n\n${JSON.stringify({ name: 'mine', tasks: [{ id: 'b' }] })}\n`);
  expect(cases.map(({ graph }) => [graph.id, graph.tasks.map(({ id }) => id)])).toEqual([
    ['line-1', ['a']],
    ['line-3', ['b']],
  ]);
});

test('a task says what it waits for, its rule and how it ends; all but its id has a default', () => {
  const [first] = casesOf(
    line({ id: 'b', upstream: ['a'], triggerRule: 'one_failed', outcome: 'skipped' }, { id: 'a', outcome: 'failed' }),
  );
  expect(first?.graph.tasks).toMatchObject([
    { id: 'a', upstream: [], triggerRule: 'all_success', map: null },
    { id: 'b', upstream: ['a'], triggerRule: 'one_failed', map: null },
  ]);
  expect(first?.tasks).toMatchObject({ a: [{ error: 'Sluice.Terminal' }], b: [{ error: 'Sluice.Skipped' }] });
});

test('a task behind a condition waits for the task that chooses, whose branch is its outcome where it has none', () => {
  const [first] = casesOf(
    line({ id: 'a', branch: 'left' }, { id: 'b' }, { id: 'c', when: { task: 'a', is: 'left' }, upstream: ['b'] }),
  );
  expect(first?.graph.tasks.at(-1)).toMatchObject({
    upstream: ['b', 'a'],
    when: [{ $op: 'eq', args: [{ $ref: ['a', 'branch'] }, 'left'] }],
  });
  expect(first?.tasks).toMatchObject({ a: [{ output: { branch: 'left' } }], b: [{ output: { branch: 'success' } }] });
});

test('a mapped task has an answer for each of its items', () => {
  const [first] = casesOf(line({ id: 'a', map: ['success', 'failed'] }, { id: 'none', map: [] }));
  expect(first?.tasks).toMatchObject({ a: [{ output: {} }, { error: 'Sluice.Terminal' }], none: [] });
  expect(first?.graph.params).toEqual({ lists: { a: ['success', 'failed'], none: [] } });
});

test.for([
  ['no JSON', 'tasks', 'graphs, line 1:\n  no JSON: '],
  ['no tasks', '{}', 'graphs, line 1:\n  tasks: Invalid input: expected array'],
  ['an empty list of tasks', line(), 'graphs, line 1:\n  tasks: '],
  ['a task without id', line({}), 'graphs, line 1:\n  tasks.0.id: '],
  ['a field that there is not', line({ id: 'a', rule: 'x' }), 'graphs, line 1:\n  tasks.0: Unrecognized key: "rule"'],
  ['another outcome', line({ id: 'a', outcome: 'ok' }), 'graphs, line 1:\n  tasks.0.outcome: '],
  [
    'another rule',
    line({ id: 'a', triggerRule: 'all_done_setup_success' }),
    'graphs, line 1:\n  tasks.0.triggerRule: ',
  ],
  ['a stranger', line({ id: 'a', upstream: ['b'] }), "graphs, line 1:\n  tasks.0.upstream.0: there is no task 'b'"],
  ['a strange chooser', line({ id: 'a', when: { task: 'b', is: '' } }), "tasks.0.when.task: there is no task 'b'"],
  [
    'a cycle',
    line({ id: 'a', upstream: ['b'] }, { id: 'b', upstream: ['a'] }),
    'graphs, line 1:\n  a, b: wait for each other',
  ],
  ['an id twice', line({ id: 'a' }, { id: 'a' }), 'graphs, line 1:\n  a: another task has this id'],
  ['a wrong second line', `${line({ id: 'a' })}\n{}`, 'graphs, line 2:\n  tasks: '],
] as const)('%s is told with its line and field', ([, text, told]) => {
  expect(problem(text)).toContain(told);
});

test('a mapped task cannot choose a branch', () => {
  const text = line({ id: 'a', map: ['success'] }, { id: 'b', when: { task: 'a', is: 'x' } });
  expect(problem(text)).toContain("tasks.1.when.task: 'a' is mapped: it gives a list, and chooses no branch");
});
