/** Two weeks of the app's recorded events: every row of every table. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csv } from '#lambdas/lake/formats/csv.ts';
import { readerOf } from '#lambdas/lake/read-record.ts';
import { splitBy } from '../../worlds/chunks.ts';
import { type Dwh, openDwh, STAR_TABLES } from './dwh.ts';
import { expectedStar } from './expected.ts';

const RECORDED = join(import.meta.dirname, '../../../../shared/data/songs');
const SONGS = join(RECORDED, 'songs.ndjson');

describe.skipIf(!existsSync(RECORDED))('the recorded files (../shared/data/songs)', () => {
  let dwh: Dwh;
  const logs = existsSync(RECORDED) ? readdirSync(join(RECORDED, 'log_data')) : [];
  const days = new Map(logs.map((name) => [name.slice(0, 10), join(RECORDED, 'log_data', name)]));
  const catalogue = linesOf(SONGS);
  beforeAll(async () => {
    dwh = await openDwh();
    await dwh.reset();
    for (const [day, path] of days) {
      await dwh.fill(day, { events: linesOf(path), songs: catalogue });
      await dwh.transform(day);
    }
  });
  afterAll(() => dwh.close());

  const count = async (what: string) => Number((await dwh.query(`SELECT COUNT(*) AS n FROM dwh.${what}`))[0]?.['n']);

  test('14 days are so many events, plays, users, songs and artists', async () => {
    expect(await count('raw_events')).toBe(3041);
    expect(await count('songplays')).toBe(2562);
    expect(await count('songplays WHERE song_id IS NOT NULL')).toBe(0);
    expect(await count('time')).toBe(2561);
    expect(await count('users')).toBe(80);
    expect(await count("users WHERE level = 'paid'")).toBe(18);
    expect(await count('users_history')).toBe(86);
    expect(await count('songs')).toBe(71);
    expect(await count('artists')).toBe(69);
  });

  test('every row of every table is as plain SQL over the files says', async () => {
    const expected = await expectedStar({ events: days, songs: new Map([['2018-11-14', SONGS]]) });
    for (const table of STAR_TABLES) expect(await dwh.rows(table), table).toEqual(expected[table]);
  });
});

describe.skipIf(!existsSync(RECORDED))('the CSV files that came with the original (../shared/data/songs)', () => {
  test('are 15 events, 11 plays of 4 users, and 11 songs, whose numbers are text', async () => {
    const records = async (name: string) => {
      const bytes = readFileSync(join(RECORDED, name));
      const header = bytes.toString().split(/\r?\n/)[0]?.split(',') ?? [];
      const options = { header, delimiter: ',', quote: '"' };
      const read = readerOf({ csv: options });
      return (await splitBy(csv(options), [bytes])).map((row) => JSON.stringify(read(row.toString())));
    };
    const dwh = await openDwh();
    try {
      await dwh.reset();
      await dwh.fill('2018-11-01', { events: await records('raw_events.csv'), songs: await records('raw_songs.csv') });
      await dwh.transform('2018-11-01');
      const tables = ['raw_events', 'songplays', 'time', 'users', 'songs', 'artists'];
      const counts = tables.map((table) => `(SELECT COUNT(*) FROM dwh.${table}) AS ${table}`);
      expect(await dwh.query(`SELECT ${counts.join(', ')}`)).toEqual([
        { raw_events: 15, songplays: 11, time: 11, users: 4, songs: 11, artists: 11 },
      ]);
      const first = await dwh.query(
        'SELECT start_time, user_id, session_id, location FROM dwh.songplays ORDER BY 1 LIMIT 1',
      );
      expect(first).toEqual([
        {
          start_time: '2018-11-01 21:01:46.796',
          user_id: 8,
          session_id: 139,
          location: 'Phoenix-Mesa-Scottsdale, AZ',
        },
      ]);
      expect(await dwh.query("SELECT user_agent FROM dwh.raw_events WHERE user_agent NOT LIKE '\"Mozilla%'")).toEqual(
        [],
      );
    } finally {
      await dwh.close();
    }
  });
});

function linesOf(path: string): string[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '');
}
