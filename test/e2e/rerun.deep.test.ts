/** A run that failed at its SQL is fixed and rerun: that task and its downstream run, and no source is asked again. */
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { Project } from '../worlds/project.ts';
import type { Sluice } from '../worlds/sluice.ts';

interface Ran {
  readonly status: string;
  readonly logicalDate: string;
  readonly tasks: readonly { readonly task: string; readonly state: string; readonly reused?: true }[];
  readonly notRun?: Readonly<Record<string, string>>;
}
interface Planned {
  readonly run: readonly string[];
  readonly reused: readonly string[];
  readonly kept: Readonly<Record<string, string>>;
}

const empty = mkdtempSync(join(tmpdir(), 'sluice-no-source-'));
mkdirSync(join(empty, 'log_data'));
writeFileSync(join(empty, 'songs.ndjson'), '');
let project: Project;
let sluice: Sluice;
beforeEach(() => {
  project = new Project();
  sluice = project.sluice();
});
afterEach(() => {
  sluice[Symbol.dispose]();
  project[Symbol.dispose]();
});
afterAll(() => rmSync(empty, { recursive: true }));

/** Breaks a SQL file of the copy. @returns what fixes it */
function breakSql(file: string): () => void {
  const text = readFileSync(project.path(file), 'utf8');
  writeFileSync(project.path(file), `${text}\nselect 1 from github_data.no_such_table;\n`);
  return () => writeFileSync(project.path(file), text);
}

/** What extracts have read: an attempt each. */
const attempts = () => globSync('s3/*/raw/**/manifest.json', { cwd: sluice.state }).sort();
const tasksOf = ({ tasks }: Ran) => ({
  worked: tasks.filter(({ reused }) => !reused).map(({ task }) => task),
  reused: tasks.filter(({ reused }) => reused).map(({ task }) => task),
});

test('github-to-redshift: a report that failed is fixed and rerun alone, with sources that nobody answers for', async () => {
  const fix = breakSql('sql/github-to-redshift/open_issue_count.sql');
  const first = await sluice.json<Ran>('run', 'github-to-redshift', '--date', '2026-11-19');
  expect(first.status).toBe('failed');
  const read = attempts();
  expect(read.length).toBeGreaterThan(0);
  const loads = await sluice.column('select count(*) from sluice.loads');

  fix();
  const plan = await sluice.json<Planned>('rerun', 'github-to-redshift', '2026-11-19', '--dry-run');
  expect(plan.run).toEqual(['open_issue_count']);
  expect(plan.reused).toEqual(expect.arrayContaining(['load_astronomerio_issues']));

  const again = await sluice.json<Ran>('rerun', 'github-to-redshift', '--source', empty);
  expect(again.status).toBe('success');
  expect(tasksOf(again).worked).toEqual(['open_issue_count']);
  expect(tasksOf(again).reused.length).toBe(plan.reused.length - 1);
  expect(attempts()).toEqual(read);
  expect(await sluice.column('select count(*) from sluice.loads')).toEqual(loads);
  expect(await sluice.column('select count(*) > 0 from github_data.open_issue_count')).toEqual([true]);

  const nothing = await sluice.json<Ran>('rerun', 'github-to-redshift');
  expect(nothing.status).toBe('nothing to run');
  const one = await sluice.json<Ran>(
    'rerun',
    'github-to-redshift',
    '2026-11-19',
    '--task',
    'load_astronomerio_issues',
    '--only',
    '--source',
    empty,
  );
  expect(one.status).toBe('success');
  expect(tasksOf(one).worked).toEqual(['load_astronomerio_issues']);
  expect(attempts()).toEqual(read);
}, 1_800_000);

test('songplays: the fact table is fixed and rerun with all that is built on it, and no file is asked for', async () => {
  const fix = breakSql('sql/songplays/songplays.sql');
  const first = await sluice.json<Ran>('run', 'songplays', '--date', '2018-11-05');
  expect(first.status).toBe('failed');
  const read = attempts();

  fix();
  const again = await sluice.json<Ran>('rerun', 'songplays', 'latest', '--source', empty);
  expect(again.status).toBe('success');
  const { worked, reused } = tasksOf(again);
  expect(worked[0]).toBe('create_fact_table_songplay');
  expect(worked.length).toBeGreaterThan(5);
  expect(reused).toEqual(expect.arrayContaining(['wait_for_log_events', 'download_songs']));
  expect(worked).not.toContain('download_songs');
  expect(attempts()).toEqual(read);

  const { code, stderr } = await sluice.run('rerun', 'songplays', '--task', 'create_fact_table_songplays');
  expect([code, stderr]).toEqual([2, expect.stringContaining("there is no task 'create_fact_table_songplays'")]);
}, 1_800_000);
