import { pipeline, Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { Terminal } from '#lib/contract/errors.ts';
import type { Format } from './format.ts';

export interface CsvOptions {
  /** The names that the first line has, in their order. */
  readonly header: readonly string[];
  readonly delimiter?: string | undefined;
  readonly quote?: string | undefined;
}
const CSV_DEFAULTS = { delimiter: ',', quote: '"' } as const;

/**
 * One record a row: an object of texts, by the names of the header, each field as the file has it. Lines may end as
 * Windows has it, and the text may begin with a byte order mark. A row with more or fewer fields than the header is a
 * list of them, which no table takes: it is quarantined.
 *
 * @throws Terminal where the header is another one, or a quote is not closed: the file was cut off
 */
export function csv({ header, delimiter = CSV_DEFAULTS.delimiter, quote = CSV_DEFAULTS.quote }: CsvOptions): Format {
  return async function* (chunks, source) {
    const parser = parse({
      delimiter,
      quote,
      escape: quote,
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
    });
    let isHeader = true;
    try {
      for await (const fields of pipeline(Readable.from(chunks), parser, () => {}) as AsyncIterable<string[]>) {
        if (isHeader) refuseOther(header, fields, source);
        else yield Buffer.from(JSON.stringify(fields.length === header.length ? named(header, fields) : fields));
        isHeader = false;
      }
    } catch (error) {
      throw brokenFile(error, source);
    }
  };
}

const named = (header: readonly string[], fields: readonly string[]) =>
  Object.fromEntries(header.map((name, place) => [name, fields[place]]));

function refuseOther(header: readonly string[], found: readonly string[], source: string): void {
  if (header.length === found.length && header.every((name, place) => name === found[place])) return;
  const gone = header.filter((name) => !found.includes(name));
  const more = found.filter((name) => !header.includes(name));
  const what = [
    ...(gone.length > 0 ? [`lacks ${gone.join(', ')}`] : []),
    ...(more.length > 0 ? [`has ${more.join(', ')} besides`] : []),
  ];
  throw new Terminal(
    `Reading ${source}: its header ${what.join(' and ') || 'has its names in another order'}. Nothing was loaded. ` +
      "Correct the task's header and the table's columns, if this is how the file is to be from now on.",
  );
}

function brokenFile(error: unknown, source: string): unknown {
  const { code } = error as CsvError;
  if (code !== 'CSV_QUOTE_NOT_CLOSED') return code?.startsWith('CSV_') ? unreadable(error as Error, source) : error;
  return new Terminal(`Reading ${source}: it ends within quotes, so it was cut off midway. Nothing was loaded.`, {
    cause: error,
  });
}

const unreadable = (cause: Error, source: string) =>
  new Terminal(`Reading ${source}: ${cause.message}. Correct the task's delimiter and quote, or the file.`, { cause });
