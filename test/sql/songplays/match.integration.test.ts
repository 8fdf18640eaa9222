/** Which song a play is of. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Dwh, openDwh } from './dwh.ts';

let dwh: Dwh;
beforeAll(async () => {
  dwh = await openDwh();
});
afterAll(() => dwh.close());
beforeEach(() => dwh.reset());

/** The one play of the recorded month that is of a song of the catalogue. */
const play = {
  artist: 'Elena',
  auth: 'Logged In',
  firstName: 'Lily',
  gender: 'F',
  itemInSession: 5,
  lastName: 'Koch',
  length: 269.58322,
  level: 'paid',
  location: 'Chicago-Naperville-Elgin, IL-IN-WI',
  method: 'PUT',
  page: 'NextSong',
  registration: 1541048010796.0,
  sessionId: 818,
  song: 'Setanta matins',
  status: 200,
  ts: 1542837407796,
  userAgent: '"Mozilla/5.0 (X11; Linux x86_64)"',
  userId: '15',
};
const song = {
  num_songs: 1,
  artist_id: 'AR5KOSW1187FB35FF4',
  artist_latitude: 49.80388,
  artist_longitude: 15.47491,
  artist_location: 'Dubai UAE',
  artist_name: 'Elena',
  song_id: 'SOZCTXZ12AB0182364',
  title: 'Setanta matins',
  duration: 269.58322,
  year: 0,
};
const DAY = '2018-11-21';

/** What the day's play is matched with, after the day was loaded with these. */
async function matchOf(songs: readonly object[], events: readonly object[] = [play]) {
  const lines = (records: readonly object[]) => records.map((record) => JSON.stringify(record));
  await dwh.fill(DAY, { events: lines(events), songs: lines(songs) });
  await dwh.transform(DAY);
  return dwh.query('SELECT start_time, user_id, song_id, artist_id FROM dwh.songplays ORDER BY song_id');
}
const found = { start_time: '2018-11-21 21:56:47.796', user_id: 15, song_id: song.song_id, artist_id: song.artist_id };
const none = { ...found, song_id: null, artist_id: null };

test('the one of title, artist and duration', async () => {
  expect(await matchOf([song])).toEqual([found]);
});

test.for<readonly [string, object]>([
  ['a duration that only rounds to the same second', { duration: 269.58323 }],
  ['another title', { title: 'Setanta Matins' }],
  ['another artist', { artist_name: 'Elena B' }],
  ['no title', { title: '' }],
])('none of %s', async ([, otherwise]) => {
  expect(await matchOf([{ ...song, ...otherwise }])).toEqual([none]);
});

test('text that was misread finds its song', async () => {
  const misread = { ...play, artist: 'BjÃ\u0083Â¶rk' };
  expect(await matchOf([{ ...song, artist_name: 'Björk' }], [misread])).toEqual([found]);
});

test('of songs that are alike one, always the same, and the play stays one row', async () => {
  const again = { ...song, song_id: 'SOZZZZZ12AB0182364', artist_id: 'AROTHER' };
  expect(await matchOf([again, song])).toEqual([found]);
  expect(await matchOf([song, again])).toEqual([found]);
});

test('a play is held against the songs again when they change', async () => {
  expect(await matchOf([])).toEqual([none]);
  expect(await matchOf([song])).toEqual([found]);
  expect(await matchOf([{ ...song, artist_id: 'AROTHER' }])).toEqual([{ ...found, artist_id: 'AROTHER' }]);
  expect(await matchOf([{ ...song, title: 'Setanta' }])).toEqual([none]);
});

test('two songs of one session in the same millisecond are two plays at one time', async () => {
  expect(await matchOf([song], [play, { ...play, itemInSession: 6 }])).toEqual([found, found]);
  expect(await dwh.query('SELECT start_time, weekday FROM dwh.time')).toEqual([
    { start_time: found.start_time, weekday: 3 },
  ]);
});
