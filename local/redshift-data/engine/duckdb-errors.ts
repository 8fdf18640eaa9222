/** DuckDB's errors in Redshift's words, as far as programs and people look for those. */
import { RedshiftError } from '../errors.ts';

type Words = (...parts: string[]) => string;
const CONFLICT: Words = () =>
  'ERROR: 1023\n  Detail: Serializable isolation violation on a table that another transaction changed. Run it again.';

const RULES: readonly (readonly [RegExp, Words])[] = [
  [/INTERRUPT/, () => "ERROR: Query cancelled on user's request"],
  [
    /Conflict on (?:update|tuple deletion)|write-write conflict|Transaction conflict|has been altered|TransactionContext Error: .*conflict/i,
    CONFLICT,
  ],
  [
    /CHECK constraint failed .*strlen\("?.*?"?\) <= (\d+)/,
    (n) => `ERROR: value too long for type character varying(${n})`,
  ],
  [
    /NOT NULL constraint failed: \S*?\.?([^.\s]+)$/m,
    (column) => `ERROR: Cannot insert a NULL value into column ${column}`,
  ],
  [/Could not convert string '([^']*)' to U?INT/, (text) => `ERROR: invalid input syntax for integer: "${text}"`],
  [/Could not convert string "([^"]*)" to '?U?INT/, (text) => `ERROR: invalid input syntax for integer: "${text}"`],
  [/because schema "(.*?)" does not exist/, (name) => `ERROR: schema "${name}" does not exist`],
  [/Table with name "?(.*?)"? already exists/, (name) => `ERROR: Relation "${name}" already exists`],
  [/Schema with name "?(.*?)"? already exists/, (name) => `ERROR: Schema "${name}" already exists`],
  [/Table with name "?(\S+?)"? does not exist/, (name) => `ERROR: relation "${name}" does not exist`],
  [/Schema with name (\S+?) does not exist/, (name) => `ERROR: schema "${name}" does not exist`],
  [/Catalog "(\S+?)" does not exist/, (name) => `ERROR: schema "${name}" does not exist`],
  [
    /Referenced column "(.*?)" not found|does not have a column (?:named|with name) "(.*?)"/,
    (a, b) => `ERROR: column "${a ?? b}" does not exist`,
  ],
  [/Referenced table "(.*?)" not found/, (name) => `ERROR: relation "${name}" does not exist`],
  [/syntax error at or near "(.*?)"/, (near) => `ERROR: syntax error at or near "${near}"`],
  // What our macros raise.
  [/^Invalid Input Error: (.*)$/m, (reason) => `ERROR: ${reason}`],
];

/** The error as the warehouse reports it; the cause stays attached. */
export function asRedshiftError(error: unknown): RedshiftError {
  if (error instanceof RedshiftError) return error;
  const message = error instanceof Error ? error.message : String(error);
  for (const [pattern, words] of RULES) {
    const found = pattern.exec(message);
    if (found) return new RedshiftError(words(...found.slice(1)), { cause: error });
  }
  const [text = message] = message.split('\n\nLINE ');
  return new RedshiftError(`ERROR: ${text.trim()}`, { cause: error });
}
