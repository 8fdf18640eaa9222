/** Bad rows, the rule mended, the rows taken again: what the tables hold then is what a clean run gives. */
import { afterAll, expect, test } from 'vitest';
import { MoodsProject } from '../worlds/moods-project.ts';
import type { Sluice } from '../worlds/sluice.ts';

const project = new MoodsProject();
const sluice = project.sluice();
const clean = project.sluice();

afterAll(() => {
  for (const one of [sluice, clean, project]) one[Symbol.dispose]();
});

const LONG = '{"id":2, "mood":"overjoyed", "marks":[{"name":"x"}]}';
const LONGER = `{"id":3,"mood":"${'very '.repeat(5)}calm","marks":[{"name":"y"}]}`;

const ALL = ['{"id":1,"mood":"calm","marks":[]}', LONG, LONGER];

const DAY = ['moods', '--date', '2026-11-18'];
const run = (of: Sluice) => of.json<{ status: string }>('run', ...DAY, '--source', project.source);
const replay = () => sluice.json<{ status: string; fromRaw?: true }>('quarantine', 'replay', ...DAY);
const list = () => sluice.json<{ reason: string; rows: number }[]>('quarantine', 'list', ...DAY);
const tables = async (of = sluice) => {
  const sql = `select 'moods' as of_table, id, mood from acme.moods
    union all select 'marks', mood_id, name from acme.marks order by 1, 2`;
  return (await of.json<{ rows: unknown[][] }>('query', sql)).rows;
};
const EVERY_ROW = [
  ['marks', 2, 'x'],
  ['marks', 3, 'y'],
  ['moods', 1, 'calm'],
  ['moods', 2, 'overjoyed'],
  ['moods', 3, 'very very very very very calm'],
];

test('rows that do not fit fail the run, which says how they are taken again', async () => {
  project.serve(...ALL);
  project.declare('varchar(6)');
  expect((await sluice.run('quarantine', 'list')).stdout).toBe('Nothing is in quarantine.\n');
  expect(await run(sluice)).toMatchObject({
    status: 'failed',
    tasks: [{ cause: expect.stringContaining('sluice quarantine replay moods --date 2026-11-18T00:00:00Z') }],
  });
});

test('list counts them by reason, show prints them with their records', async () => {
  const of = { pipeline: 'moods', logicalDate: '2026-11-18T00:00:00Z', dataset: 'moods', column: 'mood' };
  expect(await list()).toEqual([
    { ...of, reason: '9 bytes of UTF-8, the column holds 6', rows: 1 },
    { ...of, reason: '29 bytes of UTF-8, the column holds 6', rows: 1 },
  ]);
  const shown = await sluice.json<object[]>('quarantine', 'show', 'moods');
  expect(shown[0]).toEqual({ ...of, of: 'a', reason: '9 bytes of UTF-8, the column holds 6', record: LONG });
  const { stdout } = await sluice.run('quarantine', 'show', ...DAY);
  expect(stdout).toMatch(/^logical date .*\n-+.*\n2026-11-18T00:00:00Z +moods +a +mood +9 bytes.*overjoyed/);
  expect(await sluice.json('quarantine', 'show', 'moods', '--date', '2026-11-17')).toEqual([]);
});

test('a replay loads what fits today, without the source; the rest stays, and counts', async () => {
  project.serve();
  project.declare('varchar(20)', 1);
  expect(await replay()).toMatchObject({
    status: 'success',
    fromRaw: true,
    tasks: [
      { task: 'extract', rows: 3, quarantined: 1 },
      { task: 'load', rows: 2 },
    ],
  });
  expect(await list()).toMatchObject([{ reason: '29 bytes of UTF-8, the column holds 20', rows: 1 }]);
  expect(await tables()).toEqual(EVERY_ROW.filter(([, id]) => id !== 3));
  await sluice.run('query', '--write', 'drop table acme.moods');
});

test('once the rule is mended, a replay loads the rest, and another one does nothing', async () => {
  project.declare('varchar(40)');
  expect(await replay()).toMatchObject({ status: 'success' });
  expect(await list()).toEqual([]);
  expect(await replay()).toEqual({
    pipeline: 'moods',
    logicalDate: '2026-11-18T00:00:00Z',
    status: 'nothing to replay',
  });
  expect(await sluice.column('select distinct clearing from sluice.loads order by 1')).toEqual([2, 3]);
});

test('the tables equal those of a clean run', async () => {
  project.serve(...ALL);
  expect(await run(clean)).toMatchObject({ status: 'success' });
  expect(await tables(clean)).toEqual(EVERY_ROW);
  expect(await tables()).toEqual(EVERY_ROW);
});

test.each([
  [['replay', 'moods'], /give --date/],
  [['list', '--date', '2026-11-18'], /name it too/],
  [['show', 'nothing'], /There is no pipeline 'nothing'/],
  [['replay', 'nothing', '--date', '2026-11-18'], /There is no pipeline 'nothing'/],
])('quarantine %j is one clear line, exit status 2', async (args, message) => {
  const { code, stderr } = await sluice.run('quarantine', ...args);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});
