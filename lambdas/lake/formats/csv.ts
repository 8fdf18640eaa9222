import { Terminal } from '#lib/contract/errors.ts';
import { type CsvDialect, fieldsOf } from './csv-row.ts';
import { BYTE_ORDER_MARK, type Chunks, type Format, RecordPieces, UnreadableRecord } from './format.ts';

export interface CsvOptions extends CsvDialect {
  /** The names that the first line has, in their order. */
  readonly header: readonly string[];
}

/**
 * One record a row, without the end of its line: its own bytes, quotes and all. Lines may end as Windows has it, within
 * quotes they are text, and empty ones are no records. The text may begin with a byte order mark.
 *
 * @throws Terminal where the header is another one, or a quote is not closed: the file was cut off
 */
export function csv(options: CsvOptions): Format {
  return async function* (chunks, source) {
    let isHeader = true;
    for await (const rows of rowsOfEach(chunks, options, source)) {
      for (const row of rows) {
        if (isHeader) refuseOther(options, row, source);
        else yield row;
        isHeader = false;
      }
    }
    if (isHeader) throw new Terminal(`Reading ${source}: it has no line, not even its header. Nothing was loaded.`);
  };
}

/** The rows that end in each chunk. */
async function* rowsOfEach(chunks: Chunks, dialect: CsvDialect, source: string): AsyncGenerator<Uint8Array[]> {
  const splitter = new RowSplitter(dialect, source);
  for await (const chunk of chunks) yield splitter.split(chunk);
  const last = splitter.end();
  if (last.length > 0) yield [last];
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Where in a row a byte stands. */
const [AT_FIELD, IN_FIELD, IN_QUOTES, BEHIND_QUOTE] = [0, 1, 2, 3];

/** Takes CSV chunk by chunk. Quotes count as in `fieldsOf`: where a field begins with one, up to the next single one. */
class RowSplitter {
  readonly #source: string;
  readonly #quote: number;
  readonly #delimiter: number;
  readonly #pieces: RecordPieces;
  #state = AT_FIELD;

  constructor({ quote, delimiter }: CsvDialect, source: string) {
    this.#source = source;
    this.#quote = quote.charCodeAt(0);
    this.#delimiter = delimiter.charCodeAt(0);
    this.#pieces = new RecordPieces(source);
  }

  /** The rows that end in a chunk, without empty ones. */
  split(chunk: Uint8Array): Uint8Array[] {
    const rows: Uint8Array[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (this.#state === IN_QUOTES) {
        at = chunk.indexOf(this.#quote, at);
        if (at === -1) break;
        this.#state = BEHIND_QUOTE;
      } else if (byte === LINE_FEED) {
        const row = withoutReturn(this.#pieces.take(chunk.subarray(from, at)));
        if (row.length > 0) rows.push(row);
        from = at + 1;
        this.#state = AT_FIELD;
      } else {
        this.#state = this.#stateAfter(byte);
      }
    }
    this.#pieces.add(chunk.subarray(from));
    return rows;
  }

  /** The row behind the end of the last line, maybe empty. */
  end(): Uint8Array {
    if (this.#state !== IN_QUOTES) return withoutReturn(this.#pieces.take(new Uint8Array()));
    throw new Terminal(`Reading ${this.#source}: it ends within quotes, so it was cut off midway. Nothing was loaded.`);
  }

  /** Of a byte outside of quotes that ends no row. */
  #stateAfter(byte: number): number {
    if (this.#pieces.taken === 0 && BYTE_ORDER_MARK.includes(byte)) return this.#state;
    if (byte === this.#delimiter) return AT_FIELD;
    return byte === this.#quote && this.#state !== IN_FIELD ? IN_QUOTES : IN_FIELD;
  }
}

const withoutReturn = (row: Uint8Array): Uint8Array => (row.at(-1) === CARRIAGE_RETURN ? row.subarray(0, -1) : row);

function refuseOther({ header, ...dialect }: CsvOptions, row: Uint8Array, source: string): void {
  const found = namesIn(row, dialect, source);
  if (found.some((name) => name.includes('\r')))
    throw new Terminal(
      `Reading ${source}: its lines end in CR alone. Nothing was loaded. Have it end them in LF or CRLF.`,
    );
  if (header.length === found.length && header.every((name, place) => name === found[place])) return;
  const gone = header.filter((name) => !found.includes(name));
  const more = found.filter((name) => !header.includes(name));
  const twice = found.filter((name, place) => header.includes(name) && found.indexOf(name) < place);
  const what = [
    ...(gone.length > 0 ? [`lacks ${shown(gone)}`] : []),
    ...(more.length > 0 ? [`has ${shown(more)} besides`] : []),
    ...(twice.length > 0 ? [`has ${shown(twice)} twice`] : []),
  ];
  throw new Terminal(
    `Reading ${source}: its header ${what.join(' and ') || 'has its names in another order'}. Nothing was loaded. ` +
      "Correct the task's header and the table's columns, if this is how the file is to be from now on.",
  );
}

/** Names as they are, but for those in which a reader would miss something. */
const shown = (names: readonly string[]): string =>
  names.map((name) => (/^\S(.*\S)?$/.test(name) ? name : JSON.stringify(name))).join(', ');

function namesIn(row: Uint8Array, dialect: CsvDialect, source: string): string[] {
  const text = Buffer.from(row).toString();
  try {
    return fieldsOf(text.startsWith(MARK) ? text.slice(MARK.length) : text, dialect);
  } catch (cause) {
    if (!(cause instanceof UnreadableRecord)) throw cause;
    throw new Terminal(
      `Reading ${source}: its first line is no header, ${cause.message}. Nothing was loaded. Correct the task's ` +
        'delimiter and quote, or the file.',
      { cause },
    );
  }
}

const MARK = BYTE_ORDER_MARK.toString();
