/** What Redshift refuses, or means differently, and DuckDB or the transpiler would let pass: an error that names it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestWarehouse } from '../../../worlds/local/warehouse.ts';

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await TestWarehouse.open();
  await warehouse.ok('CREATE TABLE t (k varchar(20), n int, f float8, x numeric(10, 2), b bool, d date, s super)');
  await warehouse.ok(
    `INSERT INTO t VALUES ('a', 1, 1.5, 1.25, true, '2024-01-02', JSON_PARSE('{"n": 5, "t": "5", "f": 1.5, "l": [1]}'))`,
  );
});
afterAll(() => warehouse[Symbol.asyncDispose]());

type Cases = readonly (readonly [sql: string, error: string])[];
const FORMS: Cases = [
  ['SELECT k FROM t LIMIT 10%', 'a percentage as LIMIT or TOP'],
  ['SELECT k FROM t LIMIT 10 PERCENT', 'a percentage as LIMIT or TOP'],
  ['SELECT TOP 10 PERCENT k FROM t', 'a percentage as LIMIT or TOP'],
  ['SELECT k FROM t LIMIT 1 + 1', 'LIMIT with anything but a number'],
  ['SELECT k FROM t FETCH FIRST 5 ROWS ONLY', 'FETCH FIRST'],
  ['SELECT k FROM t INTERSECT ALL SELECT k FROM t', 'INTERSECT ALL'],
  ['SELECT k FROM t EXCEPT ALL SELECT k FROM t', 'EXCEPT ALL'],
  ['SELECT k FROM t UNION ALL BY NAME SELECT k FROM t', 'BY NAME'],
  ['SELECT k FROM t UNION BY NAME SELECT k FROM t', 'BY NAME'],
  ['SELECT k FROM t UNION DISTINCT SELECT k FROM t', 'UNION DISTINCT'],
  ['SELECT * REPLACE (1 AS n) FROM t', '* REPLACE'],
  ['SELECT * RENAME (k AS l) FROM t', 'the function rename()'],
  ['SELECT n FROM t WINDOW w AS (ORDER BY n)', 'the WINDOW clause'],
  ['SELECT k FROM t WHERE n = ANY (SELECT n FROM t)', '= ANY (…)'],
  ['SELECT k FROM t WHERE n >= ALL (SELECT n FROM t)', 'ALL (…) in a comparison'],
  ['SELECT n & 1 FROM t', 'the operator &'],
  ['SELECT k.upper() FROM t', 'functions of a schema'],
  ['SELECT TRY_CAST(k AS int) FROM t', 'try_cast'],
  ['SELECT n IS NOT DISTINCT FROM 1 FROM t', 'IS NOT DISTINCT FROM'],
  ["SELECT TIME '10:00'", 'TIME literals'],
  ['SELECT count(DISTINCT (k, n)) FROM t', 'COUNT(DISTINCT …) of several columns'],
  ['SELECT k FROM ONLY t', 'ONLY'],
  ['SELECT s -> 1 FROM t', 'syntax error at or near ">"'],
];

const WINDOWS: Cases = [
  ...['sum(n)', 'count(*)', 'min(n)', 'max(n)', 'first_value(n)', 'last_value(n)', 'bool_or(b)'].map(
    (call) => [`SELECT ${call} OVER (PARTITION BY k ORDER BY n) FROM t`, 'require a frame clause'] as const,
  ),
  ['SELECT sum(n) OVER (ORDER BY n RANGE UNBOUNDED PRECEDING) FROM t', 'a frame of RANGE'],
  ['SELECT row_number() OVER (ORDER BY n ROWS UNBOUNDED PRECEDING) FROM t', 'ROW_NUMBER takes no frame clause'],
  ['SELECT sum(n) OVER (ORDER BY n ROWS n PRECEDING) FROM t', 'a frame bound that is not a number of rows'],
  [
    'SELECT sum(n) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM t',
    'EXCLUDE in a frame',
  ],
  ['SELECT lag(n, 1, 0) OVER (ORDER BY n) FROM t', 'LAG with a default'],
  ['SELECT count(DISTINCT k) OVER () FROM t', 'COUNT(DISTINCT …) with OVER'],
  ["SELECT listagg(k, ',') OVER () FROM t", 'LIST_AGG with OVER'],
];

const SUPER: Cases = [
  ...['t.s.t = 5', "t.s.t = '5'", 't.s.n > 1', 't.s = t.s', 't.s.n BETWEEN 1 AND 2', "t.s.t IN ('5')"].map(
    (condition) => [`SELECT k FROM t WHERE ${condition}`, 'SUPER'] as const,
  ),
  ['SELECT k FROM t ORDER BY t.s', 'ORDER BY of a SUPER'],
  ['SELECT t.s.n, count(*) FROM t GROUP BY t.s.n', 'GROUP BY of a SUPER'],
  ['SELECT DISTINCT t.s FROM t', 'DISTINCT, or a set operation'],
  ['SELECT t.s FROM t UNION SELECT t.s FROM t', 'DISTINCT, or a set operation'],
  ['SELECT t.s FROM t INTERSECT SELECT t.s FROM t', 'DISTINCT, or a set operation'],
  ['SELECT max(t.s.n) FROM t', 'the function max() of a SUPER'],
  ['SELECT count(DISTINCT t.s) FROM t', 'the function count() of a SUPER'],
  ['SELECT lower(t.s.t) FROM t', 'SUPER where text is expected'],
  ['SELECT t.s.n + 1 FROM t', 'Cast the SUPER'],
  ["SELECT t.s.t || 'x' FROM t", 'SUPER'],
  ['SELECT coalesce(t.s.n, t.s.t) FROM t', 'of a SUPER'],
  ['SELECT row_number() OVER (ORDER BY t.s) FROM t', 'a window function of a SUPER'],
  ['SELECT a.k FROM t a JOIN t b ON a.s = b.s', 'a comparison of a SUPER'],
  ['SELECT * FROM t a FULL JOIN t b ON a.k = b.k', 'RIGHT or FULL JOIN'],
  ['SELECT a.s FROM t a RIGHT OUTER JOIN t b ON a.k = b.k', 'RIGHT or FULL JOIN'],
  ['SELECT t.s.l[-1] FROM t', 'an array index that is not a number from 0 on'],
  ['SELECT t.s.l[n] FROM t', 'an array index that is not a number from 0 on'],
  ['SELECT k[0] FROM t', 'for the arrays of a SUPER'],
  ['SELECT t.s::varchar FROM t', 'use JSON_SERIALIZE'],
  ['SELECT t.s.f::int FROM t', 'a cast of this SUPER value to integer: 1.5'],
  ['SELECT t.s.t::int FROM t', 'a cast of this SUPER value to integer: 5'],
  ['SELECT t.s.n::numeric(5, 2) FROM t', 'SUPER where numeric is expected'],
  ['SELECT d::super FROM t', 'cannot cast a date or time to super'],
  [`INSERT INTO t (s) VALUES ('{"a": 1}')`, 'Use JSON_PARSE'],
  ["UPDATE t SET s = k WHERE k = 'a'", 'Use JSON_PARSE'],
  ["DELETE FROM t WHERE t.s.t = '5'", 'a comparison of a SUPER'],
  ['CREATE TABLE copied AS SELECT DISTINCT t.s FROM t', 'DISTINCT, or a set operation'],
  ['CREATE TABLE a (s super SORTKEY)', 'SUPER column "s" cannot be a DISTKEY or a SORTKEY'],
  ['CREATE TABLE a (s super DISTKEY)', 'SUPER column "s" cannot be a DISTKEY or a SORTKEY'],
  ['CREATE TABLE a (k int, s super) DISTKEY (k) COMPOUND SORTKEY (k, s)', 'cannot be a DISTKEY or a SORTKEY'],
  ['CREATE TABLE a SORTKEY (s) AS SELECT s FROM t', 'cannot be a DISTKEY or a SORTKEY'],
  ['ALTER TABLE t ADD COLUMN z int SORTKEY', 'adds no DISTKEY or SORTKEY column'],
];

const TYPES: Cases = [
  ['SELECT true::varchar', 'boolean where text is expected'],
  ['SELECT (n > 1)::varchar(5) FROM t', 'boolean where text is expected'],
  ['SELECT k || b FROM t', 'boolean where text is expected'],
  ['SELECT f::varchar FROM t', 'float where text is expected'],
  ['SELECT k || f FROM t', 'float where text is expected'],
  ['SELECT x::bool FROM t', 'numeric where boolean is expected'],
  ['SELECT b::numeric FROM t', 'boolean where numeric is expected'],
  ['SELECT k FROM t WHERE n', 'integer where boolean is expected'],
  ['SELECT k FROM t WHERE b = 1', 'boolean where integer is expected'],
  ['SELECT k FROM t WHERE k = 1', 'text where integer is expected'],
  ["SELECT k FROM t WHERE n = '1.5'", 'invalid input syntax for integer: "1.5"'],
  ["INSERT INTO t (n) VALUES ('1.5')", 'invalid input syntax for integer: "1.5"'],
  ["UPDATE t SET n = '1.5'", 'invalid input syntax for integer: "1.5"'],
  ['SELECT sum(b) FROM t', 'function sum(boolean) does not exist'],
  ['SELECT max(n > 1) FROM t', 'function max(boolean) does not exist'],
];

const VALUES: Cases = [
  ["SELECT split_part('a,b', ',', -1)", 'field position must be greater than zero'],
  ["SELECT split_part('a,b', ',', 0)", 'field position must be greater than zero'],
  ["SELECT substring('abc', 1, -1)", 'negative substring length not allowed'],
  ["SELECT left('abc', -1)", 'LEFT with a negative length'],
  ["SELECT right('abc', -1)", 'RIGHT with a negative length'],
  ['SELECT date_part(epoch, d) FROM t', 'the part epoch in date_part()'],
  ['SELECT extract(milliseconds FROM d) FROM t', 'the part milliseconds in extract()'],
  ...['1e308::float8 * 10', '1e308::float8 + 1e308', '-1e308::float8 - 1e308', '1e308::float8 / 0.01', 'exp(1000)'].map(
    (overflow) => [`SELECT ${overflow}`, 'Overflow of a floating point number'] as const,
  ),
  ['SELECT k FROM t WHERE f < 1e308::float8 * 10', 'Overflow of a floating point number'],
  ['SELECT sum(v) FROM (SELECT 1e308::float8 AS v UNION ALL SELECT 1e308) q', 'Overflow of a floating point number'],
  ['SELECT power(10, 400)', 'undefined or too large'],
  ['SELECT power(-8, 0.5)', 'undefined or too large'],
  ["SELECT '1e400'::float8", 'invalid input syntax for type double precision'],
  ['SELECT 1e400', 'out of range'],
  ["INSERT INTO t (f) VALUES ('1e400')", 'invalid input syntax for type double precision'],
  ["SELECT '0044-03-15 BC'::date", 'a date in this form'],
  ["SELECT DATE '0044-03-15 BC'", 'a date in this form'],
  ["SELECT '2024-01-02 oops!'::date", 'a date in this form'],
  ["SELECT k FROM t WHERE d = '2024-01-02 BC'", 'invalid input syntax for date'],
  ["SELECT 'infinity'::timestamp", 'a timestamp in this form'],
  ["SELECT '2024-13-45'::date", 'date/time field value out of range'],
  ["SELECT '99999999999'::int", 'Value out of range'],
  ["SELECT JSON_PARSE('{bad')", 'JSON parsing error'],
];

describe('Refused by name', () => {
  test.each([...FORMS, ...WINDOWS])('syntax: %s', async (sql, error) => {
    expect(await warehouse.error(sql)).toContain(error);
  });
  test.each(SUPER)('SUPER: %s', async (sql, error) => {
    expect(await warehouse.error(sql)).toContain(error);
  });
  test.each([...TYPES, ...VALUES])('types and values: %s', async (sql, error) => {
    expect(await warehouse.error(sql)).toContain(error);
  });
});

/** How DuckDB and the transpiler talk. */
const FOREIGN =
  /Binder|Catalog|Parser|Conversion|Did you mean|Candidate|LINE \d|rs_|__text|\bVARCHAR\b|\bDOUBLE\b|INT32/;
/** The error, and the character of the statement that its position shows. */
const ERRORS: readonly (readonly [sql: string, error: string, at: string | undefined])[] = [
  ['SELECT  /* a comment */ nosuch FROM t', 'column "nosuch" does not exist', 'nosuch'],
  ["SELECT 'a long text', k FROM t GROUP BY k ORDER BY nosuch", 'column "nosuch" does not exist', 'nosuch'],
  ['SELECT k\nFROM nosuch', 'relation "nosuch" does not exist', 'nosuch'],
  ['SELECT "t"."k" FROM t WHERE AND', 'syntax error at or near "and"', 'AND'],
  ["SELECT 'some text', :x k2 k3 FROM t", 'syntax error at or near "k3"', 'k3'],
  ['SELECT k, FROM t WHERE', 'syntax error', undefined],
  ['SELECT nosuch(1)', 'the function nosuch()', 'nosuch'],
  ['SELECT len(k, 1, 2) FROM t', 'syntax error', undefined],
  ['SELECT left(k) FROM t', 'function left() does not exist', 'left'],
  ['SELECT sum(k) FROM t', 'function sum(character varying) does not exist', 'sum'],
  ['SELECT k FROM t a, t b', 'column reference "k" is ambiguous', 'k'],
  ['SELECT k, n FROM t GROUP BY k', 'column "n" must appear in the GROUP BY clause', 'n FROM'],
  ['SELECT k FROM t WHERE count(*) > 1', 'aggregates not allowed in WHERE clause', undefined],
  ['SELECT k FROM t UNION ALL SELECT k, n FROM t', 'must have the same number of columns', undefined],
  ['SELECT n FROM t UNION SELECT k FROM t', 'UNION types integer and character varying cannot be matched', undefined],
  ['SELECT k FROM t EXCEPT SELECT d FROM t', 'UNION types date and character varying cannot be matched', undefined],
  ["SELECT n FROM t UNION SELECT n FROM t UNION ALL SELECT 'a'", 'types integer and character varying', undefined],
  ['SELECT 99.99::numeric(3, 1)', 'Numeric data overflow: 99.99 as numeric(3,1)', undefined],
  ['SELECT (SELECT 1 UNION ALL SELECT 2)', 'single-row subquery returns more than one row', undefined],
  ['INSERT INTO t (k) VALUES (1, 2)', 'INSERT has more expressions than target columns', undefined],
  ["SELECT 'abc'::float8", 'invalid input syntax for type double precision: "abc"', undefined],
  ["SELECT 'x'::numeric(5, 2)", 'invalid input syntax for type numeric: "x"', undefined],
  ['SELECT 99999999999::int', 'Value out of range for integer: 99999999999', undefined],
  ['SELECT 9223372036854775807 + 1', 'Numeric data overflow', undefined],
  ['SELECT t.k.x FROM t', 'does not do this statement', undefined],
  ['SELECT ln(0)', 'cannot take logarithm of zero', undefined],
];

test.each(ERRORS)('The error of %s is in the words of Redshift, at the place in the text', async (sql, error, at) => {
  const parameters = sql.includes(':x') ? { x: "it's a value" } : {};
  const message = await warehouse.error(sql, { parameters });
  expect(message).toContain(error);
  expect(message).not.toMatch(FOREIGN);
  if (at === undefined) return;
  const position = Number(/Position: (\d+)/.exec(message)?.[1]);
  expect(sql.slice(position - 1)).toMatch(new RegExp(`^${at}`));
});
