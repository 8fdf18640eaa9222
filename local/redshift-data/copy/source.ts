/** The files of a COPY as a relation of DuckDB's SQL. */
import type { Column } from '../engine/table-shape.ts';
import { quoteName, quoteText } from '../sql/names.ts';
import type { CopyOptions } from './options.ts';
import { readAs } from './values.ts';

/** Redshift's limit for one JSON object. */
const MAX_OBJECT_BYTES = 4 * 1024 * 1024;

/** One column for each of `columns`, filled from the key of its name; a missing key and a null are null. */
export function sourceRelation(paths: readonly string[], columns: readonly Column[], options: CopyOptions): string {
  if (!options.ignoreCase) {
    const types = columns.map((column) => `${quoteText(column.name)}: ${quoteText(readAs(column))}`);
    return readJson(paths, options, `records = true, columns = {${types.join(', ')}}`);
  }
  const objects = readJson(paths, options, "records = false, columns = {json: 'MAP(VARCHAR, JSON)'}");
  const folded = 'map_from_entries(list_transform(map_entries(json), e -> {k: lower(e.key), v: e.value}))';
  const values = columns.map((column) => {
    const value = `json[${quoteText(column.name)}]`;
    return `${readAs(column) === 'JSON' ? value : `${value} ->> '$'`} AS ${quoteName(column.name)}`;
  });
  return `(SELECT ${values.join(', ')} FROM (SELECT ${folded} AS json FROM ${objects}))`;
}

function readJson(paths: readonly string[], { gzip }: CopyOptions, shape: string): string {
  const compression = gzip ? 'gzip' : 'uncompressed';
  return `read_json([${paths.map(quoteText).join(', ')}], format = 'newline_delimited', compression = '${compression}',
    maximum_object_size = ${MAX_OBJECT_BYTES}, ${shape})`;
}
