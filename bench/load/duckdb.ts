/**
 * What the load is measured against: DuckDB reads the records themselves from the disk and merges them into a table of
 * its own, in a process of its own. It keeps no copy of them, checks nothing and records nothing.
 *
 * usage: duckdb.ts <database file> <JSON list of gzipped files of records>
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { cpuOfProcess, peakOfProcess } from './used.ts';

const [file = '', records = '[]'] = process.argv.slice(2);
const instance = await DuckDBInstance.create(file);
const connection = await instance.connect();
await connection.run(`CREATE TABLE IF NOT EXISTS issue_comments (id BIGINT, issue_url VARCHAR, body VARCHAR, user_id BIGINT,
  user_login VARCHAR, created_at TIMESTAMPTZ, updated_at TIMESTAMPTZ)`);

const begun = performance.now();
await connection.run(`MERGE INTO issue_comments AS stored USING (
    SELECT id, issue_url, body, "user".id AS user_id, "user".login AS user_login, created_at, updated_at
    FROM read_json([${(JSON.parse(records) as string[]).map((path) => `'${path}'`).join(', ')}],
      format = 'newline_delimited', compression = 'gzip', columns = {id: 'BIGINT', issue_url: 'VARCHAR', body: 'VARCHAR',
      "user": 'STRUCT(id BIGINT, login VARCHAR)', created_at: 'TIMESTAMPTZ', updated_at: 'TIMESTAMPTZ'})
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY updated_at DESC) = 1
  ) AS staged ON stored.id = staged.id
  WHEN MATCHED AND staged.updated_at >= stored.updated_at THEN UPDATE
  WHEN NOT MATCHED THEN INSERT`);
const seconds = (performance.now() - begun) / 1000;
const [row] = (
  await connection.runAndReadAll('SELECT COUNT(*)::INTEGER AS rows FROM issue_comments')
).getRowObjectsJS();
connection.closeSync();
instance.closeSync();
console.log(JSON.stringify({ output: row, seconds, cpu: cpuOfProcess(), rss: peakOfProcess() }));
