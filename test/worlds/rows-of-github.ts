/** What the pipeline github-to-redshift has put into the tables of an embedded AWS. */
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** Every row, read from the engine's file between two commands. */
export async function rowsOfGitHub(state: string): Promise<string[]> {
  const instance = await DuckDBInstance.create(join(state, 'warehouse.duckdb'), { access_mode: 'READ_ONLY' });
  const db = await instance.connect();
  const tables = `select table_name from information_schema.tables where table_schema = 'github_data' order by 1`;
  const rows: string[] = [];
  for (const [name] of (await db.runAndReadAll(tables)).getRows()) {
    const reader = await db.runAndReadAll(`select * from github_data."${name}"`);
    rows.push(...reader.getRows().map((row) => `${name}: ${row.map(String).join('|')}`));
  }
  db.closeSync();
  instance.closeSync();
  return rows.sort();
}
