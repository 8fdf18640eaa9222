import type { ReaderConfig } from '../definition/machine.ts';
import { isObject, type Json } from '../json.ts';
import { rowsOf } from './csv.ts';

const DELIMITERS = { COMMA: ',', PIPE: '|', SEMICOLON: ';', SPACE: ' ', TAB: '\t' } as const;

/** The items of an object's text. Errors are worded as the cause of States.ItemReaderFailed. */
export const ITEMS_OF: Record<
  NonNullable<ReaderConfig['InputType']>,
  (text: string, config: ReaderConfig) => Json[]
> = {
  JSON: (text, { ItemsPointer: pointer = '' }) => {
    const items = at(JSON.parse(text) as Json, pointer);
    if (Array.isArray(items)) return items;
    throw new Error('Attempting to map over non-iterable node.');
  },
  JSONL: (text) =>
    text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as Json),
  CSV: (text, { CSVHeaderLocation: location, CSVHeaders: given = [], CSVDelimiter: delimiter = 'COMMA' }) => {
    const rows = rowsOf(text, DELIMITERS[delimiter]);
    const headers = location === 'GIVEN' ? given : (rows.shift() ?? []);
    if (new Set(headers).size < headers.length) throw new Error('CSV headers cannot contain duplicates.');
    return rows.map((row) => Object.fromEntries(headers.map((header, i) => [header, row[i] ?? ''])));
  },
};

/** What lies at a JSON Pointer (RFC 6901); undefined where nothing does. */
const at = (document: Json, pointer: string): Json | undefined =>
  pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<Json | undefined>(
      (value, name) => (Array.isArray(value) ? value[Number(name)] : isObject(value) ? value[name] : undefined),
      document,
    );
