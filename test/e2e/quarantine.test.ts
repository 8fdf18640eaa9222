/** Bad rows, the rule mended, the rows taken again: what the tables hold then is what a clean run gives. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Sluice } from '../worlds/sluice.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** The project with one pipeline of its own, whose declarations the test changes. */
const copy = mkdtempSync(join(tmpdir(), 'sluice-quarantine-'));
const source = join(copy, 'source');
const sluice = new Sluice(copy);
const clean = new Sluice(copy);

afterAll(() => {
  for (const one of [sluice, clean]) one[Symbol.dispose]();
  rmSync(copy, { recursive: true });
});

const DAG = `
import { Dag, raw, table, use } from '#sluice';
import { githubToS3 } from '#tasks/github-to-s3/task.ts';
import { s3ToRedshift } from '#tasks/s3-to-redshift/task.ts';

export const dag = new Dag('moods', { schedule: '@daily', startDate: '2026-01-01' });

const request = { connection: use('github', 'acme-github'), org: 'acme', repository: 'a', object: 'issues', query: { state: 'all' } } as const;
const extract = dag.task('extract', githubToS3({ ...request, to: raw('moods', { table: 'acme.moods' }) }));
dag.task('load', s3ToRedshift({ connection: use('redshift', 'warehouse'), from: extract.output, table: table('acme.moods'), mode: 'rebuild' }));
`;

/** Declares the column \`mood\`, and how many rows may be quarantined. */
function declare(type: string, maxQuarantined = 0): void {
  const declared = {
    name: 'acme.moods',
    columns: [
      { name: 'id', type: 'int8' },
      { name: 'mood', type },
    ],
    primaryKey: ['id'],
    maxQuarantined,
    children: [
      {
        name: 'acme.marks',
        from: ['marks'],
        parent: { mood_id: 'id' },
        columns: [
          { name: 'mood_id', type: 'int8' },
          { name: 'name', type: 'varchar(20)' },
        ],
      },
    ],
  };
  const folder = join(copy, 'lib/pipelines/moods');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'dag.ts'), DAG);
  writeFileSync(
    join(copy, 'lib/pipelines/index.ts'),
    `export const pipelines: Record<string, any> = {
       moods: async () => ({ ...(await import('./moods/dag.ts')), tables: [${JSON.stringify(declared)}] }),
     };`,
  );
}

const LONG = '{"id":2, "mood":"overjoyed", "marks":[{"name":"x"}]}';
const LONGER = `{"id":3,"mood":"${'very '.repeat(5)}calm","marks":[{"name":"y"}]}`;

/** GitHub has these records, or is gone. */
function github(...records: string[]): void {
  rmSync(source, { recursive: true, force: true });
  mkdirSync(join(source, 'acme/a'), { recursive: true });
  writeFileSync(join(source, 'acme/a/issues.ndjson'), records.map((record) => `${record}\n`).join(''));
}
const ALL = ['{"id":1,"mood":"calm","marks":[]}', LONG, LONGER];

beforeAll(() => {
  const sources = ['bin', 'lib', 'lambdas', 'local', 'sql', 'package.json', 'tsconfig.json', 'cdk.json'];
  for (const path of sources) cpSync(join(ROOT, path), join(copy, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});

const DAY = ['moods', '--date', '2026-11-18'];
const run = (of: Sluice) => of.json<{ status: string }>('run', ...DAY, '--source', source);
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
  github(...ALL);
  declare('varchar(6)');
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
  github();
  declare('varchar(20)', 1);
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
  await sluice.run('query', 'drop table acme.moods');
});

test('once the rule is mended, a replay loads the rest, and another one does nothing', async () => {
  declare('varchar(40)');
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
  github(...ALL);
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
