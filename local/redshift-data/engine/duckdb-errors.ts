/** DuckDB's errors in Redshift's words, as far as programs and people look for those. */
import { notDone, RedshiftError } from '../errors.ts';

type Words = (...groups: string[]) => string;
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
  [
    /(?:Scalar|Aggregate|Table|Macro|Window)? ?Function with name "?(?:rs_)?(.*?)"? does not exist/,
    (name) => notDone(`the function ${name}()`).message,
  ],
  [
    /(?:No function matches the given name and argument types|Could not choose a best candidate function for the function call) ['"](?:rs_)?(.*?)['"]\./,
    (call) =>
      `ERROR: function ${inRedshiftTypes(call)} does not exist.${/\bJSON\b/.test(call) ? ' Cast the SUPER to a scalar type first.' : ''}`,
  ],
  [
    /Macro "?(?:rs_)?(\w+)(?:\(\))?"? (?:does not|has multiple)/,
    (name) => `ERROR: function ${name}() does not exist for these arguments`,
  ],
  [/Ambiguous reference to column name "?(.*?)"? \(/, (name) => `ERROR: column reference "${name}" is ambiguous`],
  [
    /column "?(.*?)"? must appear in the GROUP BY clause/,
    (name) => `ERROR: column "${name}" must appear in the GROUP BY clause or be used in an aggregate function`,
  ],
  [/Duplicate alias "(.*?)"/, (name) => `ERROR: table name "${name}" specified more than once`],
  [
    /(WHERE|HAVING|GROUP BY|JOIN|QUALIFY) clause cannot contain (aggregates|window functions)/i,
    (clause, what) => `ERROR: ${what} not allowed in ${clause} clause`,
  ],
  [
    /aggregate function calls cannot be nested/i,
    () => 'ERROR: aggregate function calls may not have nested aggregate or window function',
  ],
  [
    /table (\S+) has (\d+) columns but (\d+) values were supplied/,
    (_, columns, values) =>
      `ERROR: INSERT has ${Number(values) > Number(columns) ? 'more expressions than target columns' : 'more target columns than expressions'}`,
  ],
  [
    /Column name\/value mismatch for insert on (\S+): expected (\d+) columns but (\d+) values/,
    (_, columns, values) =>
      `ERROR: INSERT has ${Number(values) > Number(columns) ? 'more expressions than target columns' : 'more target columns than expressions'}`,
  ],
  [
    /Set operations can only apply to expressions with the same number of result columns/,
    () => 'ERROR: each query of a set operation must have the same number of columns',
  ],
  [/More than one row returned by a subquery/, () => 'ERROR: single-row subquery returns more than one row'],
  [/Subquery returns (\d+) columns/, () => 'ERROR: subquery has too many columns'],
  [
    /Could not convert string ["'](.*?)["'] to '?([A-Z]+)/s,
    (text, type) => `ERROR: invalid input syntax for type ${inRedshiftTypes(type)}: "${text}"`,
  ],
  [
    /invalid (date|timestamp)(?: field format)?[^"]*"(.*?)"/,
    (type, text) => `ERROR: invalid input syntax for type ${type}: "${text}"`,
  ],
  [
    /(?:date|timestamp) field value out of range: "(.*?)"/,
    (text) => `ERROR: date/time field value out of range: "${text}"`,
  ],
  [
    /Type (\S+) with value (.*?) can't be cast because the value is out of range for the destination type (\S+)/,
    (_, value, type) => `ERROR: Value out of range for ${inRedshiftTypes(type)}: ${value}`,
  ],
  [
    /Could not cast value (\S+) to ([A-Z]+)/,
    (value, type) => `ERROR: Numeric data overflow: ${value} as ${inRedshiftTypes(type)}`,
  ],
  [
    /[Cc]asting value "?(\S+?)"? to type (\S+) failed: value is out of range/,
    (value, type) => `ERROR: Numeric data overflow: ${value} as ${inRedshiftTypes(type)}`,
  ],
  [
    /Overflow in (\w+) of (?:U?INT|DECIMAL|HUGEINT)\S* \((.*?)\)/s,
    (what, operands) => `ERROR: Numeric data overflow (${what}): ${operands}`,
  ],
  [
    /Unimplemented type for cast \((.*?) -> (.*?)\)/,
    (from, to) => `ERROR: cannot cast type ${inRedshiftTypes(from)} to ${inRedshiftTypes(to)}`,
  ],
  [
    /Cannot (?:compare|combine|mix) (?:values of )?types? (\S+) and (?:values of )?(?:type )?(\S+)/,
    (a, b) =>
      `ERROR: types ${inRedshiftTypes(a)} and ${inRedshiftTypes(b)} cannot be compared or combined: write a cast`,
  ],
  [
    /cannot take (logarithm|square root) of (.*)/,
    (what, value) => `ERROR: cannot take ${what} of ${value.split('\n')[0]}`,
  ],
  [/Malformed JSON(.*)/, (where) => `ERROR: JSON parsing error${where.split('Input')[0]?.trimEnd()}`],
  // What our macros raise.
  [/^Invalid Input Error: (.*)$/m, (reason) => `ERROR: ${reason}`],
];

const REDSHIFT_TYPES: Readonly<Record<string, string>> = {
  VARCHAR: 'character varying',
  STRING_LITERAL: 'unknown',
  INTEGER_LITERAL: 'integer',
  INT16: 'smallint',
  INT32: 'integer',
  INT64: 'bigint',
  HUGEINT: 'numeric',
  DOUBLE: 'double precision',
  FLOAT: 'real',
  DECIMAL: 'numeric',
  BOOL: 'boolean',
  JSON: 'super',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
};
const TYPE_NAMES = new RegExp(
  `\\b(?:${Object.keys(REDSHIFT_TYPES)
    .sort((a, b) => b.length - a.length)
    .join('|')})\\b`,
  'g',
);
const inRedshiftTypes = (text: string): string =>
  text.replaceAll(TYPE_NAMES, (type) => REDSHIFT_TYPES[type] ?? type).toLowerCase();

/** The class of a DuckDB error at the beginning, and its hints at the end. */
const CLASS = /^(?:[A-Z][\w-]* )+Error: /;
const HINTS = /\s*(?:\n\nLINE |Did you mean|Candidate|You might want|Consider|HINT|\n\s*\^)[\s\S]*$/;
/** A block that is not what was written. Opening the file reads few of them; the others show where a statement meets them. */
const DAMAGE = /Corrupt database file|does not match stored checksum|database has been invalidated/;

/**
 * The error as the warehouse reports it; the cause stays attached.
 * @param file the warehouse's, for what is wrong with it
 */
export function asRedshiftError(error: unknown, file?: string): RedshiftError {
  if (error instanceof RedshiftError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (file !== undefined && DAMAGE.test(message)) return new RedshiftError(damaged(file, message), { cause: error });
  for (const [pattern, words] of RULES) {
    const found = pattern.exec(message);
    if (found) return new RedshiftError(words(...found.slice(1)), { cause: error });
  }
  const reason = inRedshiftTypes(message.replace(HINTS, '').replace(CLASS, '')).replaceAll('rs_', '').trim();
  return new RedshiftError(`ERROR: the embedded warehouse does not do this statement: ${reason}`, { cause: error });
}

const damaged = (file: string, message: string): string =>
  `ERROR: the file of the embedded warehouse, ${file}, is damaged where this statement reads it (${message.split('\n')[0]}). ` +
  'Rows of a table that it reads are lost; other tables are whole. To go on, drop that table and load its data again. ' +
  'Where the statement fails still after a restart, remove the file: all tables are made anew then, and must be loaded again.';
