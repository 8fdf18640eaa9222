/** COPY from objects of S3 that hold JSON objects, one a line. */
import type { Session } from '../engine/session.ts';
import type { Statement } from '../engine/statement.ts';
import { type Column, columnsOf } from '../engine/table-shape.ts';
import { notDone, RedshiftError } from '../errors.ts';
import type { Cursor } from '../sql/cursor.ts';
import { quoteName, quoteTable, showTable, type TableName } from '../sql/names.ts';
import { filesOfManifest, filesOfPrefix, type ObjectStore } from './files.ts';
import { findLoadError, keepLoadError, type Source } from './load-errors.ts';
import { readCopyOptions } from './options.ts';
import { sourceRelation } from './source.ts';
import { loadExpression } from './values.ts';

/** After COPY. */
export function copy(cursor: Cursor, objects: ObjectStore): Statement {
  const table = cursor.tableName();
  const names = cursor.sees('(') ? cursor.names() : undefined;
  cursor.expect('from');
  const url = cursor.text();
  const options = readCopyOptions(cursor);
  return {
    command: 'COPY',
    async run(session) {
      const columns = pick(await columnsOf(session, table), names);
      if (!options.anyTimeFormat) refuseTimes(columns);
      const files = await (options.manifest ? filesOfManifest : filesOfPrefix)(url, objects);
      const rows = files.length === 0 ? 0 : await load(session, table, { files, columns, options });
      session.lastCopy = { rows, queryId: session.queryId };
      return { rows };
    },
  };
}

async function load(session: Session, table: TableName, source: Source): Promise<number> {
  const { files, columns, options } = source;
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  const paths = files.map(({ path }) => path);
  try {
    const result = await session.run(
      `INSERT INTO ${quoteTable(table)} (${names}) SELECT ${columns.map(loadExpression).join(', ')}
       FROM ${sourceRelation(paths, columns, options)}`,
    );
    return result.rowsChanged;
  } catch (error) {
    await explain(session, source, error);
    throw new RedshiftError(
      `ERROR: Load into table '${showTable(table)}' failed. Check 'sys_load_error_detail' system table for details.`,
      { cause: error },
    );
  }
}

/** @throws the error itself where no row is the reason */
async function explain(session: Session, source: Source, error: unknown): Promise<void> {
  const aside = await session.connectAside();
  try {
    const found = await findLoadError(aside, source);
    if (!found) throw error;
    await keepLoadError(aside, found, session.queryId);
  } finally {
    aside.closeSync();
  }
}

/** The columns of the list, in its order, or all. */
function pick(columns: readonly Column[], names: readonly string[] | undefined): readonly Column[] {
  if (!names) return columns;
  return names.map((name) => {
    const column = columns.find((candidate) => candidate.name === name);
    if (!column) throw new RedshiftError(`ERROR: column "${name}" does not exist`);
    return column;
  });
}

function refuseTimes(columns: readonly Column[]): void {
  const time = columns.find(({ type }) => type.name.startsWith('timestamp'));
  if (time) throw notDone(`COPY into ${time.name}, a ${time.type.name}, without TIMEFORMAT 'auto'`);
}
