/** A table as a pipeline declares it in `lib/pipelines/<name>/tables.ts`: the contract that rows are held against. */
import * as z from 'zod';

/** Redshift's types, as far as Sluice loads them. A `varchar(n)` holds n bytes of UTF-8, 65,535 at the most. */
const columnType = z.union([
  z.enum(['int4', 'int8', 'float8', 'boolean', 'date', 'timestamp', 'timestamptz', 'super']),
  z.templateLiteral(['varchar(', z.int(), ')']),
]);
export type ColumnType = z.output<typeof columnType>;

/** What a column can be that a record's undeclared field became, in a table that evolves. */
export const FOUND_TYPES = ['boolean', 'int8', 'float8', 'varchar(65535)'] as const;

/**
 * Cleans a value before it is held against its column's type; a value that it does not know how to clean stays.
 *
 * - `repair-encoding`: text whose UTF-8 was read as Latin-1, once or more often, is as it was before
 * - `empty-to-null`, `zero-to-null`: "" and 0 that stand for nothing
 * - `parse-number`: a number that is written as text, digit by digit
 * - `epoch-milliseconds`: milliseconds since 1970 are a time in UTC
 * - `{ map: { free: 'poor' } }`: these texts are others, or null
 */
const cleaner = z.union([
  z.enum(['repair-encoding', 'empty-to-null', 'zero-to-null', 'parse-number', 'epoch-milliseconds']),
  z.strictObject({ map: z.record(z.string(), z.string().nullable()) }),
]);
export type Cleaner = z.output<typeof cleaner>;

const column = z.object({
  /** Of the column, and of the flattened field that fills it, unless `field` names that. */
  name: z.string(),
  type: columnType,
  notNull: z.boolean().optional(),
  /** The flattened field that fills the column. */
  field: z.string().optional(),
  /** In this order. Raw keeps the value as it came. */
  clean: z.array(cleaner).optional(),
});
export type Column = z.output<typeof column>;

const childTable = z.object({
  name: z.string(),
  /**
   * The record's field that holds the child rows: a list, or one object. The first field that the record has counts
   * (`['assignees', 'assignee']`: older answers lack the list); null is no row.
   */
  from: z.array(z.string()).min(1),
  /** Columns filled from the parent row: child column → parent column. */
  parent: z.record(z.string(), z.string()),
  /** All columns, those of `parent` included. */
  columns: z.array(column),
});
export type ChildTable = z.output<typeof childTable>;

export const tableDeclaration = z
  .object({
    /** `<schema>.<table>`. */
    name: z.string(),
    columns: z.array(column).min(1),
    primaryKey: z.array(z.string()).min(1),
    /**
     * The column that rises with each change of a row, such as `updated_at`: what an upsert decides by. Of two rows with
     * one key the higher one counts, and null is lowest.
     */
    incrementalKey: z.string().optional(),
    distKey: z.string().optional(),
    sortKey: z.array(z.string()).optional(),
    /** Rows that may be quarantined in one load before its task fails. */
    maxQuarantined: z.int().default(0),
    /**
     * Whether fields that no column takes become columns: boolean, int8, float8, or varchar where values differ in kind.
     * Otherwise they are counted by name in the manifest and not loaded. A column that was added keeps its type, unless
     * a rebuild makes the table anew for a wider one.
     */
    evolve: z.boolean().default(false),
    /** Filled from lists inside the record; such a list is not flattened into the parent. Replaced with the parent. */
    children: z.array(childTable).default([]),
  })
  .refine(({ columns, incrementalKey: key }) => key === undefined || columns.some(({ name }) => name === key), {
    error: 'expected the name of a column of the table',
    path: ['incrementalKey'],
  });
/** As authored. */
export type Table = z.input<typeof tableDeclaration>;
/** With its defaults. */
export type TableDeclaration = z.output<typeof tableDeclaration>;

/** What a pipeline's functions carry beside their code, as `pipeline.json` in the bundle. */
export const pipelineFile = z.object({ tables: z.array(tableDeclaration) });
export type PipelineFile = z.output<typeof pipelineFile>;
