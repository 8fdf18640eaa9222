/** What must hold of the star schema before anybody is shown it. */
import type { Ref } from '#sluice';
import {
  acceptedValues,
  between,
  type Check,
  fresh,
  greaterThanZero,
  notNull,
  references,
  rowCount,
  unique,
} from '#tasks/data-quality/task.ts';

const songplays = (...columns: string[]) => ({ table: 'dwh.songplays', columns });
const of = (table: string, column: string) => ({ table: `dwh.${table}`, column });

export const checks = (day: Ref<string>): Check[] => [
  rowCount('dwh.artists', { min: 1 }),
  rowCount('dwh.songs', { min: 1 }),
  notNull('dwh.songplays', ['start_time', 'user_id', 'session_id']),
  notNull('dwh.songs', ['title', 'artist_id', 'duration']),
  unique('dwh.songplays', ['songplay_id']),
  unique('dwh.songs', ['song_id']),
  unique('dwh.artists', ['artist_id']),
  unique('dwh.users', ['user_id']),
  unique('dwh.users_history', ['user_id', 'valid_from']),
  unique('dwh.time', ['start_time']),
  references(songplays('song_id'), { table: 'dwh.songs', columns: ['song_id'] }),
  references(songplays('artist_id'), { table: 'dwh.artists', columns: ['artist_id'] }),
  references(songplays('user_id'), { table: 'dwh.users', columns: ['user_id'] }),
  references(songplays('start_time'), { table: 'dwh.time', columns: ['start_time'] }),
  acceptedValues(of('songplays', 'level'), ['free', 'paid']),
  acceptedValues(of('users', 'gender'), ['F', 'M']),
  greaterThanZero(of('songs', 'duration')),
  between(of('songs', 'year'), [1900, 2100], { severity: 'warn' }),
  fresh(of('songplays', 'start_time'), day, { severity: 'warn' }),
];
