import { csv } from '#lambdas/lake/formats/csv.ts';
import { type CsvDialect, fieldsOf } from '#lambdas/lake/formats/csv-row.ts';
import { UnreadableRecord } from '#lambdas/lake/formats/format.ts';
import { ndjson } from '#lambdas/lake/formats/ndjson.ts';
import type { RecordFormat } from '#lib/runs/manifest.ts';
import type { FileFormatOption } from './objects.ts';
import type { FileFormat } from './pages.ts';

const DEFAULTS = { delimiter: ',', quote: '"' } as const;
const UTF_8 = 'utf-8';

/**
 * How a task's file is split into its records, and how they are read.
 * @param encoding default UTF-8
 */
export function formatOf(
  option: FileFormatOption,
  encoding: string = UTF_8,
): { readonly file: FileFormat; readonly records: RecordFormat | undefined } {
  const { encoding: name } = new TextDecoder(encoding);
  const other = name === UTF_8 ? undefined : { encoding: name };
  if (option === 'ndjson') return { file: { split: ndjson, isWhole: isJson, encoding: name }, records: other };
  const { header, delimiter = DEFAULTS.delimiter, quote = DEFAULTS.quote } = option.csv;
  const dialect = { delimiter, quote };
  const isWhole = (row: Uint8Array) => fieldsIn(row, dialect) >= header.length;
  return {
    file: { split: csv({ header, ...dialect }), isWhole, encoding: name },
    records: { csv: { header, ...dialect }, ...other },
  };
}

function isJson(record: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(record).toString());
    return true;
  } catch {
    return false;
  }
}

/** A row that is no CSV is not cut off by that: it is quarantined. */
function fieldsIn(row: Uint8Array, dialect: CsvDialect): number {
  try {
    return fieldsOf(Buffer.from(row).toString(), dialect).length;
  } catch (error) {
    if (error instanceof UnreadableRecord) return Number.POSITIVE_INFINITY;
    throw error;
  }
}
