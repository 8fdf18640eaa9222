/** The star schema as its files say it should be: plain SQL over them, which shares nothing with the pipeline. */
import { DuckDBInstance } from '@duckdb/node-api';
import { columnsOf, STAR_TABLES, type StarTable } from './dwh.ts';

/** Paths by day. */
export interface Sources {
  readonly events: ReadonlyMap<string, string>;
  readonly songs: ReadonlyMap<string, string>;
}

const EVENT = `{artist: 'VARCHAR', auth: 'VARCHAR', firstName: 'VARCHAR', gender: 'VARCHAR', itemInSession: 'INTEGER',
  lastName: 'VARCHAR', length: 'DOUBLE', level: 'VARCHAR', location: 'VARCHAR', page: 'VARCHAR', sessionId: 'INTEGER',
  song: 'VARCHAR', ts: 'BIGINT', userAgent: 'VARCHAR', userId: 'VARCHAR'}`;
const SONG = `{artist_id: 'VARCHAR', artist_latitude: 'DOUBLE', artist_longitude: 'DOUBLE', artist_location: 'VARCHAR',
  artist_name: 'VARCHAR', song_id: 'VARCHAR', title: 'VARCHAR', duration: 'DOUBLE', year: 'INTEGER'}`;

/** é, as often as the files have misread it: what the recorded ones and the generated ones need to find their songs. */
const MISREAD = `'Ã' || chr(131) || 'Â©'`;

const QUERIES: Readonly<Record<StarTable, string>> = {
  songplays: `
    with play as (
      select e.*, md5(concat(e.sessionId, '|', e.itemInSession)) as id, replace(e.song, ${MISREAD}, 'é') as title
      from e
      where not exists (
        from e as other
        where other.sessionId = e.sessionId and other.itemInSession = e.itemInSession and other.file_day > e.file_day)
      and e.page = 'NextSong'
    )
    select id, ts, userId, level,
      (select min(song_id) from s where s.title = p.title and s.artist_name = p.artist and s.duration = p.length),
      (select min_by(artist_id, song_id) from s
        where s.title = p.title and s.artist_name = p.artist and s.duration = p.length),
      sessionId, location, userAgent
    from play as p`,
  users: `
    select userId, last.firstName, last.lastName, last.gender, last.level
    from (select userId, max_by(e, (ts, sessionId, itemInSession, file_day)) as last from e
      where userId is not null group by userId having bool_or(page = 'NextSong'))`,
  users_history: `
    with at_time as (
      select userId, ts, max_by(level, (sessionId, itemInSession, file_day)) as level from e
      where userId in (select userId from e where page = 'NextSong') group by userId, ts
    ),
    -- A level lasts from its time to the first later time that has another.
    until as (
      select a.userId, a.ts, a.level,
        (select min(b.ts) from at_time b where b.userId = a.userId and b.ts > a.ts and b.level <> a.level) as until
      from at_time a
    )
    select userId, min(ts), until, any_value(level) from until group by userId, until`,
  songs: `select song_id, title, artist_id, nullif(year, 0), duration from s`,
  artists: `
    select artist_id, first.artist_name, nullif(first.artist_location, ''), first.artist_latitude, first.artist_longitude
    from (select artist_id, min_by(s, (-epoch(file_day), song_id)) as first from s group by artist_id)`,
  time: `
    select ts, hour(ts)::int, day(ts)::int, weekofyear(ts)::int, month(ts)::int, year(ts)::int, dayofweek(ts)::int
    from (select distinct start_time as ts from star_songplays)`,
};

/** The rows of each table, as Dwh.rows gives them. */
export async function expectedStar({ events, songs }: Sources): Promise<Record<StarTable, object[]>> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const read = (files: ReadonlyMap<string, string>, columns: string) => {
      const days = [...files].map(([day, path]) => `when '${path}' then timestamp '${day}'`).join(' ');
      const paths = [...files.values()].map((path) => `'${path}'`).join(', ');
      return `select * exclude (filename), case filename ${days} end as file_day
        from read_json([${paths}], format = 'newline_delimited', filename = true, columns = ${columns})`;
    };
    await connection.run(`create table e as select * replace (
        make_timestamp(ts * 1000) as ts, nullif(userId, '')::integer as userId, nullif(location, '') as location)
      from (${read(events, EVENT)})`);
    await connection.run(`create table s as from (${read(songs, SONG)})
      qualify rank() over (partition by song_id order by file_day desc) = 1`);
    const found: Partial<Record<StarTable, object[]>> = {};
    for (const table of STAR_TABLES) {
      const columns = columnsOf(table).join(', ');
      await connection.run(`create table star_${table} (${columns}) as ${QUERIES[table]}`);
      const reader = await connection.runAndReadAll(
        `select ${columns} from star_${table} order by ${columns} nulls last`,
      );
      found[table] = reader.getRowObjectsJson();
    }
    return found as Record<StarTable, object[]>;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
