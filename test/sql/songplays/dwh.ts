/** The warehouse of songplays, filled with a test's records as the pipeline stages them, and its scripts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Staging } from '#lambdas/lake/staging.ts';
import { ofIntervals } from '#lambdas/warehouse/interval.ts';
import { bind } from '#lambdas/warehouse/script.ts';
import { createTable } from '#lambdas/warehouse/table-shape.ts';
import { type Table, tableDeclaration } from '#lib/contract/table.ts';
import { events, songs } from '#lib/pipelines/songplays/tables.ts';
import { identifier, literal } from '#lib/sql/quoting.ts';
import { openWarehouseAws } from '../../worlds/warehouse-aws.ts';

/** In the order of the pipeline. */
const SCRIPTS = ['songplays', 'songs', 'artists', 'time', 'users'] as const;

/** The star schema: the documented columns of each table, those of its key first. */
const STAR = {
  songplays: 'songplay_id start_time user_id level song_id artist_id session_id location user_agent',
  users: 'user_id first_name last_name gender level',
  users_history: 'user_id valid_from valid_to level',
  songs: 'song_id title artist_id year duration',
  artists: 'artist_id name location latitude longitude',
  time: 'start_time hour day week month year weekday',
} as const;
export type StarTable = keyof typeof STAR;
export const STAR_TABLES = Object.keys(STAR) as StarTable[];

/** Lines of JSON, as the files have them. */
export interface Files {
  readonly events: readonly string[];
  readonly songs: readonly string[];
}

export type Dwh = Awaited<ReturnType<typeof openDwh>>;

export async function openDwh() {
  const aws = await openWarehouseAws();
  return {
    ...aws,
    /** The tables that loads fill, empty, and no others. */
    reset: async () => {
      await aws.sql('DROP SCHEMA IF EXISTS dwh CASCADE', 'CREATE SCHEMA dwh');
      await aws.sql(
        ...[events, songs].map((table) =>
          createTable(aws.warehouse.dialect, ofIntervals(tableDeclaration.parse(table))),
        ),
      );
    },
    /** A day's rows as a load by `append` leaves them, for the first time or again. */
    fill: async (day: string, files: Files) => {
      await aws.sql(...fill(events, day, files.events), ...fill(songs, day, files.songs));
    },
    /** Makes the star schema anew of what is loaded. */
    transform: async (day: string) => {
      for (const name of SCRIPTS) await runScript(aws, name, day);
    },
    rows: (table: StarTable) => {
      const columns = columnsOf(table).join(', ');
      return aws.query(`SELECT ${columns} FROM dwh.${table} ORDER BY ${columns}`);
    },
  };
}

export const columnsOf = (table: StarTable): string[] => STAR[table].split(' ').map(identifier);

function runScript(aws: Awaited<ReturnType<typeof openWarehouseAws>>, name: string, day: string) {
  const sql = readFileSync(join(import.meta.dirname, `../../../sql/songplays/${name}.sql`), 'utf8');
  const params = sql.includes(':day') ? { day: `${day}T00:00:00Z` } : {};
  const { sqls, parameters } = bind({ sql, params, tables: [] });
  // What is said of a table does not change its rows, and takes its time.
  const changing = sqls.filter((statement) => !statement.startsWith('comment on'));
  return aws.warehouse.run({ doing: `Running ${name}`, sqls: changing, parameters });
}

/** Rows of an INSERT: the Data API takes 100 kB a statement. */
const ROWS = 100;

function fill(table: Table, day: string, lines: readonly string[]): string[] {
  const staging = new Staging(tableDeclaration.parse(table));
  const names = table.columns.map(({ name }) => name);
  const rows = lines.map((line) => {
    const staged = staging.stage(Buffer.from(line));
    if (!('row' in staged)) throw new Error(`${line} does not fit: ${JSON.stringify(staged)}`);
    const row = JSON.parse(staged.row);
    return `(${[...names.map((name) => literal(row[name] ?? null)), literal(day), "'test'"].join(', ')})`;
  });
  const insert = `INSERT INTO ${table.name} (${[...names, 'sluice_interval', 'sluice_loaded_by'].map(identifier).join(', ')})`;
  const chunks = Array.from({ length: Math.ceil(rows.length / ROWS) }, (_, n) => rows.slice(n * ROWS, (n + 1) * ROWS));
  return [
    `DELETE FROM ${table.name} WHERE sluice_interval = ${literal(day)}`,
    ...chunks.map((chunk) => `${insert} VALUES ${chunk.join(', ')}`),
  ];
}
