/** What staged rows have beside their columns, for the load. */
import type { TaskOfRun } from '#lib/contract/envelope.ts';

/**
 * In every staged row: the number of its record, in the order of the source. A load tells by it which of two rows with
 * one key came last, and which child rows are of which of them.
 */
export const RECORD_NUMBER = 'sluice_record';

/**
 * In the rows of a table with an incremental key: what the record did not have. COPY makes nothing of an absent field
 * and of a null alike, but an upsert keeps the stored value of the one and sets the other. Columns by name, child
 * tables too, each in quotes: `"body","shop.order_lines"`. Without it, all were there.
 */
export const ABSENT = 'sluice_absent';

/** More than an item of an extract can have records. */
const RECORDS_OF_AN_ITEM = 2 ** 32;

/** More than any record's number, which has to be exact: what a load adds to tell its extracts apart. */
export const RECORDS_OF_AN_EXTRACT = 2 ** 53;

/** Of the nth record of an extract, from 1: items of a mapped extract follow each other. */
export const recordNumber = ({ index = 0 }: Pick<TaskOfRun, 'index'>, nth: number): number =>
  index * RECORDS_OF_AN_ITEM + nth;

/** A row's line of JSON with its record's number. */
export const numbered = (line: string, record: number): string => withField(line, RECORD_NUMBER, String(record));

/** A row's line of JSON with the names of what its record lacked. */
export const withAbsent = (line: string, names: readonly string[]): string =>
  names.length === 0 ? line : withField(line, ABSENT, JSON.stringify(names.map(inQuotes).join(',')));

/** As a name stands in the list. */
export const inQuotes = (name: string): string => JSON.stringify(name);

const withField = (line: string, name: string, value: string): string =>
  `{"${name}":${value}${line === '{}' ? '' : ','}${line.slice(1)}`;
