/**
 * In every staged row beside its columns: the number of its record in its extract. A load tells by it which of two
 * rows with one key came last, and which child rows are of which of them.
 */
export const RECORD_NUMBER = 'sluice_record';

/** A row's line of JSON with its record's number. */
export const numbered = (line: string, record: number): string =>
  `{"${RECORD_NUMBER}":${record}${line === '{}' ? '' : ','}${line.slice(1)}`;
