/** From a record's text to its fields. */
import type { RecordFormat } from '#lib/runs/manifest.ts';
import { isRawJSON, type JsonObject, parseExact } from './exact.ts';
import { type CsvDialect, fieldsOf } from './formats/csv-row.ts';
import { UnreadableRecord } from './formats/format.ts';

/** @throws UnreadableRecord where the text is no record of the format */
export type ReadRecord = (text: string) => JsonObject;

/** @param format without it, a record is JSON */
export const readerOf = ({ csv }: RecordFormat = {}): ReadRecord => (csv ? csvReader(csv) : readJson);

export function readJson(text: string): JsonObject {
  const value = parsed(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJSON(value)) return value;
  throw new UnreadableRecord(`expected an object as JSON, found ${text.slice(0, 80)}`);
}

function parsed(text: string) {
  try {
    return parseExact(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Each field is text, as the file has it, by the name that the header has in its place. */
function csvReader({ header, ...dialect }: CsvDialect & { readonly header: readonly string[] }): ReadRecord {
  // With every name as its own, so that what is set is a field also where it is called __proto__.
  const empty = Object.fromEntries(header.map((name) => [name, '']));
  return (text) => {
    const fields = fieldsOf(text, dialect);
    if (fields.length !== header.length)
      throw new UnreadableRecord(`expected ${header.length} fields as in the header, found ${fields.length}`);
    const record = { ...empty };
    for (let place = 0; place < header.length; place++) record[header[place] as string] = fields[place] as string;
    return record;
  };
}
