/** What a row of a table that is appended to says of its load, beside its declared columns. */
import type { Column } from '#lib/contract/table.ts';
import type { Shape } from './dialect.ts';

/** The start of the data interval whose rows these are, UTC. */
export const INTERVAL = 'sluice_interval';
/** `<dag>.<task>`: two tasks may append to one table, each replaces rows of its own. */
export const LOADED_BY = 'sluice_loaded_by';

const COLUMNS: readonly Column[] = [
  { name: INTERVAL, type: 'timestamp' },
  { name: LOADED_BY, type: 'varchar(768)' },
];

/** The key is one of each interval, so it is none of the table. Rows of before the table was appended to have neither. */
export const ofIntervals = ({ primaryKey: _, ...shape }: Shape): Shape => ({
  ...shape,
  columns: [...shape.columns, ...COLUMNS],
});
