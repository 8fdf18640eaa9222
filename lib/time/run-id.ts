/** A run is named by its logical date: `20261119T000000Z`. */

/** The run with a logical date. */
export const runIdOf = (logicalDate: Date): string =>
  logicalDate
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '');

/** The logical date of a run, ISO 8601. */
export const logicalDateOf = (runId: string): string => runId.replace(/^(....)(..)(.....)(..)(..Z)$/, '$1-$2-$3:$4:$5');
