import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { githubObject } from '#lambdas/sources/github/objects.ts';
import { compile } from '#lib/asl/index.ts';
import { tableOf } from '#lib/contract/fields.ts';
import { type Fetched, orgs, reports, repositories } from '#lib/pipelines/github-to-redshift/config.ts';
import { githubToRedshift } from '#lib/pipelines/github-to-redshift/dag.ts';
import { tablesOf } from '#lib/pipelines/github-to-redshift/tables.ts';
import { loadPipeline } from '#lib/pipelines/load.ts';
import { statesOf } from '../../../worlds/machines.ts';

const { dag, tables } = (await loadPipeline('github-to-redshift')) ?? {};
if (!dag || !tables) throw new Error('The pipeline github-to-redshift is not in lib/pipelines/index.ts.');
const graph = dag.graph();
const beside = { tables, pipelines: [dag.facts()], read: (file: string) => readFileSync(file, 'utf8') };

const BY_REPOSITORY = ['issues', 'commits'];
const OF_ORGANISATION = ['members'];

test('each organisation is listed and extracted, then loaded; the reports wait for all loads', () => {
  const upstream = Object.fromEntries(graph.tasks.map((task) => [task.id, task.upstream]));
  const expected = orgs.flatMap(({ org }) => [
    [`list_${org}_repositories`, []],
    [`watermark_${org}`, [`list_${org}_repositories`]],
    [`extract_${org}_by_repository`, [`watermark_${org}`, `list_${org}_repositories`]],
    [`load_${org}_issues`, [`extract_${org}_by_repository`, `watermark_${org}`]],
    [`load_${org}_commits`, [`extract_${org}_by_repository`]],
    ...OF_ORGANISATION.map((object) => [`extract_${org}_${object}`, []]),
    ...OF_ORGANISATION.map((object) => [`load_${org}_${object}`, [`extract_${org}_${object}`]]),
  ]);
  const loads = orgs.flatMap(({ org }) =>
    [...BY_REPOSITORY, ...OF_ORGANISATION].map((object) => `load_${org}_${object}`),
  );
  expect(upstream).toEqual({
    ...Object.fromEntries(expected),
    finished_api_calls: loads,
    ...Object.fromEntries(Object.keys(reports).map((report) => [report, ['finished_api_calls']])),
  });
});

test('one mapped task an organisation fetches what repositories have, each kind with its own query', () => {
  const mapped = graph.tasks.filter(({ map }) => map);
  expect(mapped.map(({ id }) => id)).toEqual(orgs.map(({ org }) => `extract_${org}_by_repository`));
  expect(mapped[0]?.input).toMatchObject({
    query: { issues: { state: 'all' } },
    to: { commits: { kind: 'lake', dataset: 'astronomerio_commits', table: 'github_data.astronomerio_commits' } },
    only: {},
  });
  const list = graph.tasks.find(({ id }) => id === 'list_astronomerio_repositories');
  expect(list?.input).not.toHaveProperty('query');
  const members = graph.tasks.find(({ id }) => id === 'extract_astronomerio_members');
  expect(members?.input).not.toHaveProperty('repository');
});

test('what is upserted is asked for since the watermark of its organisation and loaded as that says; the rest is not', () => {
  const inputOf = (id: string) => graph.tasks.find((task) => task.id === id)?.input;
  const told = (field: string) => ({ $ref: ['watermark_astronomerio', field] });
  expect(inputOf('watermark_astronomerio')).toMatchObject({
    tables: ['github_data.astronomerio_issues'],
    fullEveryDays: 7,
    full: { $ref: ['@params', 'full'] },
  });
  expect(inputOf('extract_astronomerio_by_repository')).toMatchObject({ since: { issues: told('since') } });
  expect(inputOf('extract_astronomerio_by_repository')).not.toHaveProperty('since.commits');
  expect(inputOf('load_astronomerio_issues')).toMatchObject({ mode: told('mode') });
  expect(inputOf('load_astronomerio_commits')).toMatchObject({ mode: 'rebuild' });
});

test('where everything is rebuilt, nobody asks how far it is loaded', () => {
  const rebuilt = githubToRedshift({ orgs, objects: [{ object: 'issues', mode: 'rebuild' }] }).graph();
  expect(rebuilt.tasks.filter(({ type }) => type === 'warehouse-watermark')).toEqual([]);
  expect(rebuilt.tasks.find(({ map }) => map)?.input).toMatchObject({ since: {} });
});

test('a list that GitHub does not filter by updated_at is not upserted', () => {
  // @ts-expect-error commits are not incremental
  const commits: Fetched = { object: 'commits', mode: 'upsert' };
  expect(() => githubToRedshift({ orgs, objects: [commits] }).graph(beside)).toThrow(
    /load_astronomerio_commits: upserts github_data.astronomerio_commits/,
  );
});

test('with all eight kinds of objects, each has its extract, its load and its tables; the run still fits', () => {
  const all = githubObject.options.map((object) => ({ object, mode: 'rebuild' as const }));
  const third = { org: 'third', credential: 'third-github' };
  const config = { orgs: [...orgs, third], objects: all };
  const whole = githubToRedshift(config).graph();
  const loads = whole.tasks.filter(({ type }) => type === 's3-to-warehouse').map(({ id }) => id.slice('load_'.length));
  const ofOrgs = config.orgs.flatMap(({ org }) => all.map(({ object }) => `${org}_${object}`));
  const ofUsers = ['astronomerio-github_organizations', 'third-github_organizations'];
  expect(new Set(loads)).toEqual(new Set([...ofOrgs.filter((name) => !name.endsWith('organizations')), ...ofUsers]));
  const declared = new Set(tablesOf(config).map(({ name }) => name));
  const filled = [...loads, ...Object.keys(reports)].map((name) => `github_data.${name}`);
  expect(declared).toEqual(new Set(filled));
  const user = whole.tasks.find(({ id }) => id === 'extract_third-github_organizations');
  expect(user?.input).not.toHaveProperty('org');
  expect(() =>
    compile(whole, { functionArn: (type) => type, begin: 'begin', machineArn: (name) => name }),
  ).not.toThrow();
});

test('a query may be made from the run', () => {
  const objects: Fetched[] = [
    { object: 'commits', query: ({ dataInterval }) => ({ until: dataInterval.end }), mode: 'rebuild' },
  ];
  const task = githubToRedshift({ orgs, objects })
    .graph()
    .tasks.find(({ map }) => map);
  expect(task?.input).toMatchObject({ query: { commits: { until: { $ref: ['@run', 'dataInterval', 'end'] } } } });
});

test('its machine has these states besides its tasks', () => {
  const machine = compile(graph, { functionArn: (type) => type, begin: 'begin', machineArn: (name) => name });
  const ids = new Set(graph.tasks.map(({ id }) => id));
  expect(
    statesOf(machine)
      .filter(([name]) => !ids.has(name))
      .map(([name, type]) => `${type} ${name}`),
  ).toEqual([
    'Task Begin run',
    'Succeed Already run',
    'Parallel Fork 1',
    'Parallel Fork 4',
    'Choice Join 4',
    'Succeed Succeeded',
    'Fail Failed',
    'Parallel Fork 2',
    'Succeed End of branch 1.1',
    'Task Item of extract_astronomerio_by_repository',
    'Succeed End of item of extract_astronomerio_by_repository',
    'Choice load_astronomerio_issues?',
    'Succeed End of branch 2.1',
    'Choice load_astronomerio_commits?',
    'Succeed End of branch 2.2',
    'Succeed End of branch 1.2',
    'Parallel Fork 3',
    'Succeed End of branch 1.3',
    'Task Item of extract_airflow-plugins_by_repository',
    'Succeed End of item of extract_airflow-plugins_by_repository',
    'Choice load_airflow-plugins_issues?',
    'Succeed End of branch 3.1',
    'Choice load_airflow-plugins_commits?',
    'Succeed End of branch 3.2',
    'Succeed End of branch 1.4',
    'Succeed End of branch 4.1',
    'Succeed End of branch 4.2',
    'Succeed End of branch 4.3',
    'Succeed End of branch 4.4',
  ]);
});

test('ten organisations of 5,000 repositories each have room in one run', () => {
  const more = Array.from({ length: 9 }, (_, index) =>
    graph.tasks
      .filter(({ id }) => id.includes('astronomerio'))
      .map((task) => JSON.parse(JSON.stringify(task).replaceAll('astronomerio', `other${index}`))),
  );
  const machine = { ...graph, tasks: [...more.flat(), ...graph.tasks] };
  expect(() =>
    compile(machine, { functionArn: (type) => type, begin: 'begin', machineArn: (name) => name }),
  ).not.toThrow();
  expect(repositories.maxItems).toBe(5000);
  const mapped = graph.tasks.filter(({ map }) => map);
  expect(new Set(mapped.map(({ retries }) => retries))).toEqual(new Set([graph.tasks.at(-1)?.retries]));
});

test("the reports' SQL names exactly the params and relations that their tasks give", () => {
  expect(() => dag.graph(beside)).not.toThrow();
});

test('every table that a task writes, or holds rows against, is declared', () => {
  const declared = tables.map(({ name }) => name);
  const named = graph.tasks.flatMap(({ grants }) => grants).flatMap(({ to }) => ('dataset' in to ? [tableOf(to)] : []));
  expect(new Set(named)).toEqual(new Set(declared));
});

test.each(Object.entries(reports))('what %s reads are declared tables of one shape', (report, reads) => {
  const shapes = new Map(
    tables.flatMap(({ name, columns, children }) => [
      [name, columns] as const,
      ...children.map((child) => [child.name, child.columns] as const),
    ]),
  );
  const input = graph.tasks.find(({ id }) => id === report)?.input;
  const { relations = {} } = (input ?? {}) as { relations?: Record<string, string[]> };
  expect(Object.keys(relations)).toEqual(reads);
  for (const [first, ...others] of Object.values(relations)) {
    expect(shapes.get(first ?? '')).toBeDefined();
    for (const other of others) expect(shapes.get(other)).toEqual(shapes.get(first ?? ''));
  }
});
