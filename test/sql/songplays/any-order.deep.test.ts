/** Days in any order, repeated, replaced and late, with the catalogue changing in between: the same tables. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Dwh, openDwh, STAR_TABLES } from './dwh.ts';
import { expectedStar } from './expected.ts';

let dwh: Dwh;
const dir = mkdtempSync(join(tmpdir(), 'songplays-'));
beforeAll(async () => {
  dwh = await openDwh();
});
beforeEach(() => dwh.reset());
afterAll(async () => {
  rmSync(dir, { recursive: true });
  await dwh.close();
});

const DAYS = ['2018-11-01', '2018-11-02', '2018-11-03'];
const MISREAD = 'CafÃ\u0083Â©';

/** Little to choose from, so that titles, times, keys and users meet. */
const event = fc
  .record({
    artist: fc.constantFrom('Ann', 'Bo'),
    firstName: fc.constantFrom('Kaylee', 'Ryan'),
    gender: fc.constantFrom('F', 'M'),
    itemInSession: fc.integer({ min: 0, max: 2 }),
    lastName: fc.constantFrom('Summers', 'Smith'),
    length: fc.constantFrom(200.5, 200.50001),
    level: fc.constantFrom('free', 'paid'),
    location: fc.constantFrom('Phoenix', ''),
    page: fc.constantFrom('NextSong', 'NextSong', 'Home'),
    sessionId: fc.integer({ min: 1, max: 3 }),
    song: fc.constantFrom('Undo', MISREAD),
    minute: fc.integer({ min: 0, max: 4 }),
    userAgent: fc.constant('"Mozilla/5.0 (X11)"'),
    userId: fc.constantFrom('1', '2', ''),
  })
  .map(({ minute, ...fields }) => ({ ...fields, auth: fields.userId === '' ? 'Logged Out' : 'Logged In', minute }));
const song = fc.record({
  artist_id: fc.constantFrom('AR1', 'AR2'),
  artist_latitude: fc.constantFrom(null, 35.14968),
  artist_longitude: fc.constant(null),
  artist_location: fc.constantFrom('', 'Memphis, TN'),
  artist_name: fc.constantFrom('Ann', 'Bo'),
  song_id: fc.constantFrom('SO1', 'SO2', 'SO3'),
  title: fc.constantFrom('Undo', 'Café'),
  duration: fc.constantFrom(200.5, 200.5, 200.49999),
  year: fc.constantFrom(0, 1969),
});
const load = fc.record({
  day: fc.constantFrom(...DAYS),
  events: fc.uniqueArray(event, {
    maxLength: 6,
    selector: ({ sessionId, itemInSession }) => `${sessionId} ${itemInSession}`,
  }),
  songs: fc.uniqueArray(song, { maxLength: 3, selector: ({ song_id }) => song_id }),
});

test('after any loads the tables are those of the files that each day was loaded from last', async () => {
  let nth = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(load, { minLength: 1, maxLength: 5 }), async (loads) => {
      await dwh.reset();
      const sources = { events: new Map<string, string>(), songs: new Map<string, string>() };
      for (const { day, events, songs } of loads) {
        const timed = events.map(({ minute, ...fields }) => ({ ...fields, ts: Date.parse(day) + minute * 60_000 }));
        const files = { events: lines(timed), songs: lines(songs) };
        for (const name of ['events', 'songs'] as const) {
          const path = join(dir, `${nth++}.json`);
          writeFileSync(path, files[name].map((line) => `${line}\n`).join(''));
          sources[name].set(day, path);
        }
        await dwh.fill(day, files);
        await dwh.transform(day);
      }
      const expected = await expectedStar(sources);
      for (const table of STAR_TABLES) expect(await dwh.rows(table), table).toEqual(expected[table]);
    }),
    { numRuns: 8, endOnFailure: true },
  );
});

const lines = (records: readonly object[]): string[] => records.map((record) => JSON.stringify(record));
