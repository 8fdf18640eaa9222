import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compile } from '#lib/asl/index.ts';
import { checkSql } from '#lib/dag/index.ts';
import { orgs, repositories } from '#lib/pipelines/github-to-redshift/config.ts';
import { pipelines } from '#lib/pipelines/index.ts';
import { statesOf } from '../asl/machines.ts';

const { dag, tables } = pipelines['github-to-redshift'] ?? {};
if (!dag || !tables) throw new Error('The pipeline github-to-redshift is not in lib/pipelines/index.ts.');
const graph = dag.graph();

test('each organisation is listed and extracted, then loaded; the report waits for all loads', () => {
  expect(Object.fromEntries(graph.tasks.map(({ id, upstream }) => [id, upstream]))).toEqual({
    list_astronomerio_repositories: [],
    extract_astronomerio_issues: ['list_astronomerio_repositories'],
    load_astronomerio_issues: ['extract_astronomerio_issues'],
    extract_astronomerio_members: [],
    load_astronomerio_members: ['extract_astronomerio_members'],
    'list_airflow-plugins_repositories': [],
    'extract_airflow-plugins_issues': ['list_airflow-plugins_repositories'],
    'load_airflow-plugins_issues': ['extract_airflow-plugins_issues'],
    'extract_airflow-plugins_members': [],
    'load_airflow-plugins_members': ['extract_airflow-plugins_members'],
    finished_api_calls: [
      'load_astronomerio_issues',
      'load_astronomerio_members',
      'load_airflow-plugins_issues',
      'load_airflow-plugins_members',
    ],
    open_issue_count: ['finished_api_calls'],
  });
});

test('issues are fetched for each repository, members once for the organisation', () => {
  const mapped = graph.tasks.filter(({ map }) => map).map(({ id }) => id);
  expect(mapped).toEqual(orgs.map(({ org }) => `extract_${org}_issues`));
  const members = graph.tasks.find(({ id }) => id === 'extract_astronomerio_members');
  expect(members?.input).not.toHaveProperty('repository');
});

test('its machine has these states besides its tasks', () => {
  const machine = compile(graph, { functionArn: (type) => type, begin: 'begin' });
  const ids = new Set(graph.tasks.map(({ id }) => id));
  expect(
    statesOf(machine)
      .filter(([name]) => !ids.has(name))
      .map(([name, type]) => `${type} ${name}`),
  ).toEqual([
    'Task Begin run',
    'Succeed Already run',
    'Parallel Fork 1',
    'Succeed Succeeded',
    'Fail Failed',
    'Choice Join of extract_astronomerio_issues',
    'Succeed End of branch 1.1',
    'Task Item of extract_astronomerio_issues',
    'Succeed End of item of extract_astronomerio_issues',
    'Succeed End of branch 1.2',
    'Choice Join of extract_airflow-plugins_issues',
    'Succeed End of branch 1.3',
    'Task Item of extract_airflow-plugins_issues',
    'Succeed End of item of extract_airflow-plugins_issues',
    'Succeed End of branch 1.4',
  ]);
});

test('there is room for a third organisation in the history of one run', () => {
  const third = graph.tasks
    .filter(({ id }) => id.includes('astronomerio'))
    .map((task) => JSON.parse(JSON.stringify(task).replaceAll('astronomerio', 'third')));
  const machine = { ...graph, tasks: [...third, ...graph.tasks] };
  expect(() => compile(machine, { functionArn: (type) => type, begin: 'begin' })).not.toThrow();
  expect(repositories.maxItems).toBe(600);
});

test("the report's SQL names exactly the params and relations that its task gives", () => {
  expect(() => checkSql(graph, (file) => readFileSync(file, 'utf8'))).not.toThrow();
});

test('every table that a task writes, or holds rows against, is declared', () => {
  const declared = tables.map(({ name }) => name);
  const named = graph.tasks
    .flatMap(({ grants }) => grants)
    .flatMap(({ to }) => ('dataset' in to ? [to.table ?? to.dataset] : []));
  expect(new Set(named)).toEqual(new Set(declared));
});

test('the relations of the report are declared tables of one shape', () => {
  const shapes = new Map(
    tables.flatMap(({ name, columns, children }) => [
      [name, columns] as const,
      ...children.map((child) => [child.name, child.columns] as const),
    ]),
  );
  const input = graph.tasks.find(({ id }) => id === 'open_issue_count')?.input;
  const { relations = {} } = (input ?? {}) as { relations?: Record<string, string[]> };
  expect(Object.keys(relations)).toEqual(['issues', 'issue_assignees']);
  for (const [first, ...others] of Object.values(relations)) {
    expect(shapes.get(first ?? '')).toBeDefined();
    for (const other of others) expect(shapes.get(other)).toEqual(shapes.get(first ?? ''));
  }
});

test('keys and the columns that children take from their parents are columns', () => {
  for (const { columns, primaryKey, distKey, sortKey = [], children } of tables) {
    const names = columns.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining([...primaryKey, ...sortKey, ...(distKey ? [distKey] : [])]));
    for (const child of children) {
      expect(child.columns.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(child.parent)));
      expect(names).toEqual(expect.arrayContaining(Object.values(child.parent)));
    }
  }
});

test('ids are 64 bits wide, times are times, and bodies have all the room that a varchar has', () => {
  const types = Object.fromEntries(tables[0]?.columns.map(({ name, type }) => [name, type]) ?? []);
  expect(types).toMatchObject({
    id: 'int8',
    user_id: 'int8',
    assignee_id: 'int8',
    created_at: 'timestamptz',
    closed_at: 'timestamptz',
    body: 'varchar(65535)',
    locked: 'boolean',
  });
});
