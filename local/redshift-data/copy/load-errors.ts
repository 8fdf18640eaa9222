/** Where a load failed: the first row and column that cannot be loaded, kept for sys_load_error_detail. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { RECORDS } from '../catalog/system-views.ts';
import type { Column } from '../engine/table-shape.ts';
import type { SourceFile } from './files.ts';
import type { CopyOptions } from './options.ts';
import { sourceRelation } from './source.ts';
import { problemExpression } from './values.ts';

interface Problem {
  readonly name: string | null;
  readonly type: string | null;
  readonly length: string | null;
  readonly value: string | null;
  readonly code: number;
  readonly reason: string;
}
interface LoadError extends Problem {
  readonly url: string;
  readonly line: number;
}

/** What a COPY reads, and into which columns. */
export interface Source {
  readonly files: readonly SourceFile[];
  readonly columns: readonly Column[];
  readonly options: CopyOptions;
}

/** The first problem in the order of files and lines; undefined where the rows are not the reason. */
export async function findLoadError(connection: DuckDBConnection, load: Source): Promise<LoadError | undefined> {
  for (const file of load.files) {
    const found = await problemIn(connection, file, load);
    if (found) return { ...found, url: file.url };
  }
  return undefined;
}

async function problemIn(connection: DuckDBConnection, { path }: SourceFile, { columns, options }: Source) {
  const problem = `coalesce(${columns.map(problemExpression).join(', ')})`;
  try {
    const result = await connection.run(
      `SELECT line, problem.* FROM (
         SELECT line, ${problem} AS problem
         FROM (SELECT row_number() OVER () AS line, * FROM ${sourceRelation([path], columns, options)})
       ) WHERE problem IS NOT NULL ORDER BY line LIMIT 1`,
    );
    const [row] = await result.getRowObjectsJS();
    return row && { ...(row as unknown as Problem), line: Number(row['line']) };
  } catch (error) {
    return unreadable(error);
  }
}

function unreadable(error: unknown): Problem & { line: number } {
  const message = error instanceof Error ? error.message : String(error);
  const [reason = message] = message.replace(/^.*? in file "[^"]*",?/s, '').split('\n');
  // Of an object that it cannot parse DuckDB gives the number of the line behind it.
  const counted = Number(/in line (\d+)/.exec(message)?.[1] ?? 1);
  const line = message.includes('Malformed JSON') ? counted - 1 : counted;
  return {
    line,
    name: null,
    type: null,
    length: null,
    value: null,
    code: 1200,
    reason: `Invalid JSON format: ${reason.trim()}`,
  };
}

/** On a connection of its own: the load's transaction is rolled back. */
export async function keepLoadError(
  connection: DuckDBConnection,
  { url, line, name, type, length, value, code, reason }: LoadError,
  queryId: number,
): Promise<void> {
  await connection.run(
    `INSERT INTO ${RECORDS}.load_errors
     VALUES ($1, CAST(now() AS TIMESTAMP), $2, $3, $4, $5, $6, $7, $8, $9)`,
    [queryId, url, line, name, type, length, value?.slice(0, 1024) ?? null, code, reason],
  );
}
