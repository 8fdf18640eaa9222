import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogueOf, eventsOf, type MusicApp, startMusicApp } from '#local/sources/songplays/index.ts';

const EVENTS = '/log_data/2018-11-02-events.json';

describe('over HTTP', () => {
  let app: MusicApp;
  beforeAll(async () => {
    app = await startMusicApp();
  });
  afterAll(() => app.close());
  const get = (path: string, headers = {}) => fetch(app.url + path, { headers });

  test('a file has an ETag and a time, by each of which it is not sent again', async () => {
    const first = await get(EVENTS);
    const etag = first.headers.get('etag') ?? '';
    const modified = first.headers.get('last-modified') ?? '';
    expect(first.status).toBe(200);
    expect((await get(EVENTS, { 'if-none-match': etag })).status).toBe(304);
    expect((await get(EVENTS, { 'if-modified-since': modified })).status).toBe(304);
    expect((await get(EVENTS, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  test('a range is a part of the file, unless the file is another by now', async () => {
    const whole = await (await get('/songs.ndjson')).text();
    const part = await get('/songs.ndjson', { range: 'bytes=10-' });
    expect([part.status, await part.text()]).toEqual([206, Buffer.from(whole).subarray(10).toString()]);
    expect((await get('/songs.ndjson', { range: 'bytes=10-', 'if-range': '"other"' })).status).toBe(200);
    expect((await get('/songs.ndjson', { range: 'bytes=9999999-' })).status).toBe(416);
  });

  test.for(['/log_data/2018-10-31-events.json', '/log_data/2018-13-01-events.json', '/nothing'])(
    '%s is not there',
    async (path) => {
      const { status, headers } = await get(path);
      expect([status, headers.get('content-type')]).toEqual([404, 'text/html']);
    },
  );
});

describe('a directory', () => {
  const dir = mkdtempSync(join(tmpdir(), 'songs-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  test('is served as it is, and nothing outside of it; without log_data it is refused', async () => {
    await expect(startMusicApp({ source: dir })).rejects.toThrow('has no log_data/');
    mkdirSync(join(dir, 'log_data'));
    writeFileSync(join(dir, EVENTS), '{"a":1}\r\n');
    const app = await startMusicApp({ source: dir });
    try {
      expect(await (await fetch(app.url + EVENTS)).text()).toBe('{"a":1}\r\n');
      expect((await fetch(`${app.url}/songs.ndjson`)).status).toBe(404);
      expect((await fetch(`${app.url}/%2e%2e/%2e%2e/etc/passwd`)).status).toBe(404);
    } finally {
      await app.close();
    }
  });
});

describe('what is generated', () => {
  const songs = catalogueOf(1);
  type Event = Readonly<Record<string, string | number | null>>;
  const days = ['2018-11-02', '2018-11-03', '2018-11-04', '2018-11-05', '2018-11-06'];
  const events = days.flatMap((day) => eventsOf(1, day, songs) as Event[]);
  const plays = events.filter(({ page }) => page === 'NextSong');
  const key = (title: unknown, artist: unknown, length: unknown) => JSON.stringify([title, artist, length]);

  test('is the same for the same seed and day, and another for others', () => {
    const texts = [
      eventsOf(1, '2018-11-02', songs),
      eventsOf(1, '2018-11-02', songs),
      eventsOf(2, '2018-11-02', songs),
    ];
    const [one, same, other] = texts.map((value) => JSON.stringify(value));
    expect(one).toBe(same);
    expect(one).not.toBe(other);
  });

  test('has plays of songs of the catalogue, and near misses by their duration', () => {
    const known = new Set(songs.map(({ title, artist_name, duration }) => key(title, artist_name, duration)));
    const titles = new Set(songs.map(({ title, artist_name }) => key(title, artist_name, 0)));
    const matching = plays.filter(({ song, artist, length = 0 }) => known.has(key(song, artist, length)));
    const near = plays.filter(
      ({ song, artist, length = 0 }) => titles.has(key(song, artist, 0)) && !known.has(key(song, artist, length)),
    );
    expect(matching.length).toBeGreaterThan(plays.length / 10);
    expect(near.length).toBeGreaterThan(0);
  });

  test('has songs that are alike, plays of one session at the same time, and dirt', () => {
    const alike = songs.map(({ title, artist_name, duration }) => key(title, artist_name, duration));
    expect(new Set(alike).size).toBeLessThan(alike.length);
    const times = plays.map(({ sessionId, ts }) => `${sessionId} ${ts}`);
    expect(new Set(times).size).toBeLessThan(times.length);
    expect(songs.some(({ year }) => year === 0)).toBe(true);
    expect(events.some(({ userId, auth }) => userId === '' && auth === 'Logged Out')).toBe(true);
    expect(plays.some(({ artist }) => String(artist).includes('Ã'))).toBe(true);
  });

  test('has each item of a session once, within its day', () => {
    const keys = events.map(({ sessionId, itemInSession }) => `${sessionId} ${itemInSession}`);
    expect(new Set(keys).size).toBe(keys.length);
    const days = new Set(events.map(({ ts }) => new Date(Number(ts)).toISOString().slice(0, 10)));
    expect([...days].sort()).toEqual(['2018-11-02', '2018-11-03', '2018-11-04', '2018-11-05', '2018-11-06']);
  });

  test('has users who begin to pay', () => {
    const later = Array.from({ length: 20 }, (_, n) => `2018-11-${String(n + 2).padStart(2, '0')}`);
    const levels = new Map<unknown, Set<unknown>>();
    for (const { userId, level } of later.flatMap((day) => eventsOf(1, day, songs) as Event[])) {
      levels.set(userId, (levels.get(userId) ?? new Set()).add(level));
    }
    expect([...levels.values()].some((of) => of.size === 2)).toBe(true);
  });
});
