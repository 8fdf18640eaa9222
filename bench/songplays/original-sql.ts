/**
 * The second half of the original's way: COPY of the file into an empty table, and its five INSERTs, in a DuckDB of their
 * own. It keeps no copy of what came, cleans, checks and records nothing.
 *
 * usage: original-sql.ts <database file> <events.csv> <songs.ndjson>
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { cpuOfProcess, peakOfProcess } from '../load/used.ts';

const [file = '', events = '', songs = ''] = process.argv.slice(2);
const instance = await DuckDBInstance.create(file);
const connection = await instance.connect();
const prepare = [
  `CREATE TABLE raw_events (artist VARCHAR, auth VARCHAR, firstname VARCHAR, gender VARCHAR, iteminsession INT,
    lastname VARCHAR, length DOUBLE, level VARCHAR, location VARCHAR, method VARCHAR, page VARCHAR, registration BIGINT,
    sessionid INT, song VARCHAR, status INT, ts BIGINT, useragent VARCHAR, userid INT)`,
  `CREATE TABLE raw_songs AS SELECT * FROM read_json('${songs}', format = 'newline_delimited')`,
  `CREATE TABLE songplays (playid VARCHAR PRIMARY KEY, start_time TIMESTAMP, userid INT, level VARCHAR, songid VARCHAR,
    artistid VARCHAR, sessionid INT, location VARCHAR, user_agent VARCHAR)`,
  `CREATE TABLE users (userid INT PRIMARY KEY, first_name VARCHAR, last_name VARCHAR, gender VARCHAR, level VARCHAR)`,
  `CREATE TABLE songs (songid VARCHAR PRIMARY KEY, title VARCHAR, artistid VARCHAR, year INT, duration DOUBLE)`,
  `CREATE TABLE artists (artistid VARCHAR PRIMARY KEY, name VARCHAR, location VARCHAR)`,
  `CREATE TABLE time (start_time TIMESTAMP PRIMARY KEY, hour INT, day INT, week INT, month INT, year INT, weekday INT)`,
];
const work = [
  `COPY raw_events FROM '${events}' (DELIMITER ',', NULL '', HEADER)`,
  `INSERT INTO songplays SELECT md5(concat(sessionid, to_timestamp(ts // 1000))), to_timestamp(ts // 1000), userid, level,
    song_id, artist_id, sessionid, location, useragent
    FROM raw_events LEFT JOIN raw_songs ON song = title AND artist = artist_name AND length = duration
    WHERE page = 'NextSong' ON CONFLICT DO NOTHING`,
  `INSERT INTO songs SELECT DISTINCT song_id, title, artist_id, year, duration FROM raw_songs ON CONFLICT DO NOTHING`,
  `INSERT INTO artists SELECT DISTINCT artist_id, artist_name, artist_location FROM raw_songs ON CONFLICT DO NOTHING`,
  `INSERT INTO time SELECT DISTINCT start_time, hour(start_time), day(start_time), week(start_time), month(start_time),
    year(start_time), dayofweek(start_time) FROM songplays ON CONFLICT DO NOTHING`,
  `INSERT INTO users SELECT DISTINCT userid, firstname, lastname, gender, level FROM raw_events WHERE page = 'NextSong'
    ON CONFLICT DO NOTHING`,
];
for (const sql of prepare) await connection.run(sql);
const begun = performance.now();
for (const sql of work) await connection.run(sql);
const seconds = (performance.now() - begun) / 1000;
const [output] = (await connection.runAndReadAll('SELECT COUNT(*)::INTEGER AS rows FROM raw_events')).getRowObjectsJS();
connection.closeSync();
instance.closeSync();
console.log(JSON.stringify({ output, seconds, cpu: cpuOfProcess(), rss: peakOfProcess() }));
