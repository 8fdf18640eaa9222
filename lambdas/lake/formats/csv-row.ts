import { UnreadableRecord } from './format.ts';

export interface CsvDialect {
  readonly delimiter: string;
  /** Around a field; within one that has it around, it is doubled. */
  readonly quote: string;
}

/**
 * The fields of a row of CSV (RFC 4180), as texts.
 * @param row without the end of its line
 * @throws UnreadableRecord where a quote stands where none may
 */
export function fieldsOf(row: string, { delimiter, quote }: CsvDialect): string[] {
  if (!row.includes(quote)) return row.split(delimiter);
  const fields: string[] = [];
  for (let at = 0; at <= row.length; ) {
    const isQuoted = row[at] === quote;
    const end = isQuoted ? endOfQuotes(row, at, quote) : endOfField(row, at, delimiter);
    const text = isQuoted ? row.slice(at + 1, end - 1).replaceAll(quote + quote, quote) : row.slice(at, end);
    fields.push(text);
    if (!isQuoted && text.includes(quote)) refuse(fields, 'has a quote, and none around it', text);
    if (end < row.length && row[end] !== delimiter) refuse(fields, 'goes on after its closing quote', row.slice(at));
    at = end + 1;
  }
  return fields;
}

function endOfField(row: string, from: number, delimiter: string): number {
  const end = row.indexOf(delimiter, from);
  return end === -1 ? row.length : end;
}

/** The place behind the closing quote. */
function endOfQuotes(row: string, opening: number, quote: string): number {
  for (let at = opening + 1; ; at += 2) {
    at = row.indexOf(quote, at);
    if (at === -1) throw new UnreadableRecord(`its quotes are not closed: ${row.slice(opening, opening + SHOWN)}`);
    if (row[at + 1] !== quote) return at + 1;
  }
}

const SHOWN = 80;

function refuse(fields: readonly string[], problem: string, text: string): never {
  throw new UnreadableRecord(`field ${fields.length} ${problem}: ${text.slice(0, SHOWN)}`);
}
