/** A day's file of the app's events as CSV, of any size: generated ones again and again, of other users and sessions. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { catalogueOf } from '../../local/sources/songplays/catalogue.ts';
import { eventsOf } from '../../local/sources/songplays/events.ts';

export const DAY = '2018-11-01';
export const HEADER = (
  'artist,auth,firstName,gender,itemInSession,lastName,length,level,location,method,page,' +
  'registration,sessionId,song,status,ts,userAgent,userId'
).split(',');
export const SONGS = catalogueOf(1);

type Event = Record<string, string | number | null>;

/** Sessions and users that a block of events may have. */
const OF_A_BLOCK = 200;
/** After so many blocks the same users come again. */
const BLOCKS_OF_USERS = 500;
const DIFFERENT_BLOCKS = 50;

/** @returns its rows, without the header */
export async function writeEvents(path: string, bytes: number): Promise<number> {
  let rows = 0;
  await pipeline(function* () {
    yield `${HEADER.join(',')}\r\n`;
    const blocks = Array.from({ length: DIFFERENT_BLOCKS }, (_, seed) => eventsOf(seed, DAY, SONGS) as Event[]);
    for (let [nth, left] = [0, bytes]; left > 0; nth++) {
      const events = blocks[nth % DIFFERENT_BLOCKS] as Event[];
      const text = events.map((event) => rowOf(event, nth)).join('');
      rows += events.length;
      left -= Buffer.byteLength(text);
      yield text;
    }
  }, createWriteStream(path));
  return rows;
}

function rowOf(event: Event, nth: number): string {
  const { sessionId, userId } = event as { sessionId: number; userId: string };
  const user = userId === '' ? '' : Number(userId) + (nth % BLOCKS_OF_USERS) * OF_A_BLOCK;
  const session = (sessionId % OF_A_BLOCK) + (userId === '' ? OF_A_BLOCK / 2 : 0) + nth * OF_A_BLOCK;
  const of: Event = { ...event, userId: user, sessionId: session };
  return `${HEADER.map((name) => cell(of[name])).join(',')}\r\n`;
}

function cell(value: string | number | null | undefined): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
