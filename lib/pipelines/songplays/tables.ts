/** What the app's files hold, as it is loaded. The star schema is made of it by sql/songplays. */
import type { Column, Table } from '#lib/contract/table.ts';

type Options = Pick<Column, 'field' | 'clean' | 'notNull'>;

/** Fields of CSV files are text, also where they hold numbers. */
const NUMBER = ['empty-to-null', 'parse-number'] as const;
const number = (name: string, type: 'int4' | 'int8' | 'float8', { clean = [], ...options }: Options = {}): Column => ({
  name,
  type,
  clean: [...NUMBER, ...clean],
  ...options,
});
const time = (name: string, options: Options = {}): Column => ({
  name,
  type: 'timestamp',
  clean: [...NUMBER, 'epoch-milliseconds'],
  ...options,
});
const text = (name: string, { clean = [], ...options }: Options = {}): Column => ({
  name,
  type: 'varchar(1024)',
  clean: ['empty-to-null', 'repair-encoding', ...clean],
  ...options,
});

export const events: Table = {
  name: 'dwh.raw_events',
  columns: [
    text('artist'),
    text('auth'),
    text('first_name', { field: 'firstName' }),
    text('gender'),
    number('item_in_session', 'int4', { field: 'itemInSession' }),
    text('last_name', { field: 'lastName' }),
    number('length', 'float8'),
    // A cleaner that is off; on, free users are called poor: text('level', { clean: [{ map: { free: 'poor' } }] }).
    text('level'),
    text('location'),
    text('method'),
    text('page'),
    time('registration'),
    number('session_id', 'int4', { field: 'sessionId' }),
    text('song'),
    number('status', 'int4'),
    time('ts', { notNull: true }),
    text('user_agent', { field: 'userAgent' }),
    number('user_id', 'int4', { field: 'userId' }),
  ],
  primaryKey: ['session_id', 'item_in_session'],
};

export const songs: Table = {
  name: 'dwh.raw_songs',
  columns: [
    number('num_songs', 'int4'),
    text('artist_id'),
    number('artist_latitude', 'float8'),
    number('artist_longitude', 'float8'),
    text('artist_location'),
    text('artist_name'),
    text('song_id'),
    text('title'),
    number('duration', 'float8'),
    number('year', 'int4', { clean: ['zero-to-null'] }),
  ],
  primaryKey: ['song_id'],
};

export const tables = [events, songs];
