/** strava-activities as a person runs it, on the recorded activities. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Sluice } from '../worlds/sluice.ts';

const RECORDED = resolve(import.meta.dirname, '../../../shared/data/strava');
const folder = mkdtempSync(join(tmpdir(), 'strava-'));
const sluice = new Sluice();
afterAll(() => {
  sluice[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

interface Ran {
  readonly status: string;
  readonly result: { readonly rows: readonly unknown[][] };
}
const run = (...args: string[]) => sluice.json<Ran>('run', 'strava-activities', '--source', folder, ...args);
const column = (sql: string) => sluice.column(sql);

describe.skipIf(!existsSync(RECORDED))('the recorded activities (../shared/data/strava)', () => {
  const change = (by: (text: string) => string) => {
    for (const name of readdirSync(folder))
      writeFileSync(join(folder, name), by(readFileSync(join(folder, name), 'utf8')));
  };

  test('50 activities are 50 rows; a run again changes what Strava changed, and nothing else', async () => {
    cpSync(RECORDED, folder, { recursive: true });
    expect((await run()).status).toBe('success');
    const all = 'select id, name, average_speed, deleted_at from strava.activities order by id';
    const before = (await sluice.json<{ rows: unknown[][] }>('query', all)).rows;
    expect(before).toHaveLength(50);
    expect(await column('select count(*) from strava.activities where average_speed <> floor(average_speed)')).toEqual([
      32,
    ]);

    change((text) => text.replace('Ride session 50', 'Ride session fifty'));
    expect((await run('--param', 'full=true')).status).toBe('success');
    const after = (await sluice.json<{ rows: unknown[][] }>('query', all)).rows;
    expect(after.filter((row) => !before.some((one) => JSON.stringify(one) === JSON.stringify(row)))).toMatchObject([
      [15_209_715_250, 'Ride session fifty', 0, null],
    ]);
  }, 900_000);

  test('what is deleted at Strava is marked by a full pass, and counts no more', async () => {
    const day = "select activities from strava.day_results where day = '2025-07-23'";
    expect(await column(day)).toEqual([1]);
    change((text) => JSON.stringify((JSON.parse(text) as { id: number }[]).filter(({ id }) => id !== 15_209_715_250)));
    expect((await run('--param', 'full=true')).status).toBe('success');
    expect(await column('select id from strava.activities where deleted_at is not null')).toEqual([15_209_715_250]);
    expect(await column(day)).toEqual([0]);
  }, 900_000);

  test('no token stands in what is kept of the runs', async () => {
    const { stdout } = await sluice.run('list', '--json');
    expect(stdout).toContain('strava-activities');
    const kept = readdirSync(sluice.state, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && /\.(json|log)$/.test(entry.name) && entry.name !== 'secrets.json',
    );
    for (const { parentPath, name } of kept)
      expect(readFileSync(join(parentPath, name), 'utf8')).not.toMatch(/"(refreshToken|accessToken|access_token)"/);
  }, 900_000);
});
