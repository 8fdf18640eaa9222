/** The files that the stand-in serves, by their path: generated, or those of a directory. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { catalogueOf } from './catalogue.ts';
import { eventsOf } from './events.ts';

export interface ServedFile {
  readonly bytes: Buffer;
  readonly modified: Date;
}
export type Files = (path: string) => ServedFile | undefined;

/** Of generated files: any, but always the same. */
const MODIFIED = new Date('2018-12-01T00:00:00Z');
const FIRST_DAY = '2018-11-01';
const EVENTS = /^\/log_data\/(\d{4}-\d\d-\d\d)-events\.json$/;

/** `/songs.ndjson`, and `/log_data/<day>-events.json` of each day from 2018-11-01 on. The first day's lines end in CRLF. */
export function generatedFiles(seed: number): Files {
  const songs = catalogueOf(seed);
  const file = (records: readonly object[], end = '\n') => ({
    bytes: Buffer.from(records.map((record) => `${JSON.stringify(record)}${end}`).join('')),
    modified: MODIFIED,
  });
  return (path) => {
    if (path === '/songs.ndjson') return file(songs);
    const day = EVENTS.exec(path)?.[1];
    if (day === undefined || day < FIRST_DAY || Number.isNaN(Date.parse(day))) return undefined;
    return file(eventsOf(seed, day, songs), day === FIRST_DAY ? '\r\n' : '\n');
  };
}

/** @throws {Error} where the directory has not the layout of the app's files */
export function directoryFiles(directory: string): Files {
  if (!existsSync(join(directory, 'log_data'))) {
    throw new Error(
      `${directory} has no log_data/. Give a directory with log_data/<day>-events.json and songs.ndjson.`,
    );
  }
  return (path) => {
    const inside = normalize(join('/', decodeURIComponent(path)));
    const found = statSync(join(directory, inside), { throwIfNoEntry: false });
    return found?.isFile() ? { bytes: readFileSync(join(directory, inside)), modified: found.mtime } : undefined;
  };
}
