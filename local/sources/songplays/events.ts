/** A day of the app's events, generated, with what the recorded ones have: see README.md of the pipeline. */
import type { Song } from './catalogue.ts';
import { pick, type Random, randomOf } from './random.ts';

const FIRST = 'Kaylee Ryan Sylvie Jayden Lily Chloé Noah Tegan Mohammad Aleena Zoë Jacob'.split(' ');
const LAST = 'Summers Smith Cruz Fox Koch Levine Chavez Rodriguez Kirby Klein Muñoz Frye'.split(' ');
const PLACES = ['Phoenix-Mesa-Scottsdale, AZ', 'San José-Sunnyvale, CA', 'New Orleans-Metairie, LA'];
const AGENTS = [
  '"Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 Chrome/35.0.1916.153 Safari/537.36"',
  'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:31.0) Gecko/20100101 Firefox/31.0',
];
const OTHER_PAGES = ['Home', 'About', 'Settings', 'Help', 'Logout', 'Upgrade'];
const USERS = 60;
const DAY_MS = 24 * 3_600_000;

/** As text is that was written as UTF-8 and read as Latin-1, twice. */
const misread = (text: string): string => [1, 2].reduce((of) => Buffer.from(of, 'utf8').toString('latin1'), text);

interface User {
  readonly userId: string;
  readonly fields: object;
  /** The day number from which they pay; endless where they never do. */
  readonly paysFrom: number;
  /** In some weeks they do not come. */
  readonly comes: (day: number) => boolean;
}

function userOf(seed: number, nth: number): User {
  const random = randomOf(seed, 'user', nth);
  const fields = {
    firstName: pick(random, FIRST),
    gender: random() < 0.5 ? 'F' : 'M',
    lastName: pick(random, LAST),
    location: pick(random, PLACES),
    registration: 1_540_000_000_796 + nth * 1_000_000,
    userAgent: pick(random, AGENTS),
  };
  const paysFrom = random() < 0.3 ? Math.floor(random() * 20) : Number.POSITIVE_INFINITY;
  const zeal = random();
  const comes = (day: number) =>
    randomOf(seed, 'week', nth, Math.floor(day / 7))() < 0.35 + zeal / 2 && randomOf(seed, 'day', nth, day)() < zeal;
  return { userId: String(nth + 1), fields, paysFrom, comes };
}

/** What is played: a song of the catalogue, one that only nearly is, or one that it does not have. */
function playedOf(random: Random, songs: readonly Song[]) {
  const { title, artist_name, duration } = pick(random, songs);
  const kind = random();
  const artist = random() < 0.05 ? misread(artist_name) : artist_name;
  if (kind < 0.25) return { artist, length: duration, song: title };
  if (kind < 0.35) return { artist, length: Math.round(duration * 100_000 + 1) / 100_000, song: title };
  return { artist, length: Math.round(duration * 1_000) / 1_000, song: `${title} (Live)` };
}

const nothingPlayed = { artist: null, length: null, song: null };

interface Session {
  readonly sessionId: number;
  readonly start: number;
  readonly user: User;
  readonly level: 'free' | 'paid';
}

function* sessionEvents(random: Random, songs: readonly Song[], { sessionId, start, user, level }: Session) {
  const items = 1 + Math.floor(random() * 14);
  let ts = start;
  for (let itemInSession = 0; itemInSession < items; itemInSession++) {
    const isPlay = random() < 0.85;
    // Now and then two songs begin in the same millisecond.
    if (random() > 0.04) ts += 1000 * Math.floor(30 + random() * 240);
    const page = isPlay ? 'NextSong' : pick(random, OTHER_PAGES);
    const played = isPlay ? playedOf(random, songs) : nothingPlayed;
    const seen = { auth: 'Logged In', itemInSession, level, method: isPlay ? 'PUT' : 'GET', page, sessionId };
    yield { ...played, ...user.fields, ...seen, status: 200, ts, userId: user.userId };
  }
}

/** Somebody who is not logged in. */
const visitorEvent = (sessionId: number, ts: number) => ({
  ...{ ...nothingPlayed, auth: 'Logged Out', firstName: null, gender: null, itemInSession: 0, lastName: null },
  ...{ level: 'free', location: null, method: 'GET', page: 'Login', registration: null, sessionId },
  ...{ status: 307, ts, userAgent: null, userId: '' },
});

/** @param day `2018-11-01`, UTC */
export function eventsOf(seed: number, day: string, songs: readonly Song[]): object[] {
  const start = Date.parse(day);
  const nthDay = Math.floor(start / DAY_MS) - Math.floor(Date.parse('2018-11-01') / DAY_MS);
  const sessions = Array.from({ length: USERS }, (_, nth) => userOf(seed, nth)).flatMap((user, nth) => {
    if (!user.comes(nthDay)) return [];
    const random = randomOf(seed, day, user.userId);
    const sessionId = (nthDay + 10_000) * USERS + nth;
    const at = start + Math.floor(random() * (DAY_MS - 5 * 3_600_000)) + 796;
    const level = nthDay >= user.paysFrom ? 'paid' : 'free';
    return [...sessionEvents(random, songs, { sessionId, start: at, user, level })];
  });
  const visitors = [3, 7, 11].map((hour) => visitorEvent((nthDay + 20_000) * USERS + hour, start + hour * 3_600_000));
  return [...sessions, ...visitors].sort((a, b) => a.ts - b.ts);
}
