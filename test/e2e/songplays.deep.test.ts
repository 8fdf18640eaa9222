/** The second pipeline as a person runs it, on generated files. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { catalogueOf, eventsOf } from '#local/sources/songplays/index.ts';
import { Sluice } from '../worlds/sluice.ts';

const sluice = new Sluice();
afterAll(() => sluice[Symbol.dispose]());

const DAY = '2018-11-05';
const NEXT_DAY = '2018-11-06';
interface Ran {
  readonly status: string;
  readonly tasks: readonly { readonly task: string; readonly state: string }[];
  readonly notRun: Readonly<Record<string, string>>;
  readonly result: { readonly rows: readonly (readonly number[])[] };
}
const published = async () => readFileSync((await sluice.json<{ report: string }>('open', 'songplays')).report, 'utf8');
const run = () => sluice.json<Ran>('run', 'songplays', '--date', DAY);

test('a day becomes the star schema, checked; again, it is the same', async () => {
  const songs = catalogueOf(1);
  const plays = (eventsOf(1, DAY, songs) as { page: string }[]).filter(({ page }) => page === 'NextSong');

  const first = await run();
  expect(first.status).toBe('success');
  expect(first.notRun).toEqual({ notice_nothing_loaded: 'skipped' });
  const [count, matched = 0] = first.result.rows[0] ?? [];
  expect(count).toBe(plays.length);
  expect(matched).toBeGreaterThan(0);
  expect(await sluice.column('select count(*) from dwh.songs')).toEqual([songs.length]);
  expect(await sluice.column('select distinct outcome from sluice.quality')).toEqual(['passed']);

  const report = await published();
  expect(report).toContain('Plays by hour');

  expect((await run()).result).toEqual(first.result);
}, 300_000);

test('a check that fails shows the rows that offend, and nothing is published', async () => {
  const before = await published();
  await sluice.run('query', '--write', "insert into dwh.users values (999, 'Ann', 'Lee', 'X', 'free')");
  const { code, stdout } = await sluice.run('run', 'songplays', '--date', DAY);
  expect(code).toBe(1);
  expect(stdout).toMatch(/1 of \d+ checks failed:\s+- accepted values dwh\.users \(gender\): 1 offending/);
  expect(stdout).toContain('"gender":"X"');
  expect(stdout).toMatch(/Not run \(upstream_failed\): .*publish_report/);
  expect(stdout).not.toContain('Published');
  expect(await published()).toBe(before);

  const [mail = ''] = readdirSync(join(sluice.state, 'mailbox')).filter((name) => name.includes('failed'));
  const text = readFileSync(join(sluice.state, 'mailbox', mail), 'utf8');
  expect(text).toMatch(
    /\n {2}- accepted values dwh\.users \(gender\): 1 offending \(0 allowed\), such as\n {6}\{.*"gender":"X"/,
  );
}, 300_000);

test('the report of the next day that holds shows it, with its rows', async () => {
  await sluice.run('query', '--write', 'delete from dwh.users where user_id = 999');
  expect((await sluice.json<Ran>('run', 'songplays', '--date', NEXT_DAY)).status).toBe('success');
  expect(await published()).toContain('&quot;gender&quot;:&quot;X&quot;');
}, 300_000);
