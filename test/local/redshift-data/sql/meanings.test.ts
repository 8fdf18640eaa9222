/** Where DuckDB would give another result than Redshift: as its Database Developer Guide has it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestWarehouse } from '../../../worlds/local/warehouse.ts';

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await TestWarehouse.open();
  await warehouse.ok('CREATE TABLE t (k varchar(20), g int, n int, f float8, d date, ts timestamp, s super)');
  await warehouse.ok(
    `INSERT INTO t VALUES
       ('a', 1, 1, 1.5, '2024-01-02', '2024-01-02 03:04:05.678',
         JSON_PARSE('{"n": 5, "t": "5", "x": null, "l": [1, "two"], "o": {"z": 1}, "b": true, "d": "2024-01-02"}')),
       ('b', 1, 2, 2.5, NULL, NULL, JSON_PARSE('null')),
       ('c', 2, 3, NULL, NULL, NULL, NULL)`,
  );
});
afterAll(() => warehouse[Symbol.asyncDispose]());

const SUPER: readonly (readonly [expression: string, value: unknown])[] = [
  ['t.s.t::varchar', '5'],
  ['t.s.t::varchar::int + 1', 6],
  ['t.s.t::varchar(1)', '5'],
  ['t.s.n::int', 5],
  ['t.s.n::varchar', '5'],
  ['t.s.n::float8', 5],
  ['t.s.b::bool', true],
  ['t.s.d::date', '2024-01-02'],
  ['t.s.l[1]::varchar', 'two'],
  ['t.s.l[0]::int8', 1],
  ['t.s.o.z', '1'],
  ['t.s.x::varchar', null],
  ['t.s.x::int', null],
  ['t.s.nosuch::int', null],
  ['t.s.x IS NULL', true],
  ['t.s.x IS NOT NULL', false],
  ['t.s.n IS NULL', false],
  ['t.s.x', null],
  ["JSON_PARSE('null') IS NULL", true],
  // JSON_SERIALIZE function
  ['JSON_SERIALIZE(JSON_PARSE(\'[10001, 10002,  "abc"]\'))', '[10001,10002,"abc"]'],
  ['JSON_SERIALIZE(NULL)', 'null'],
  ["'a'::super", '"a"'],
];

const VALUES: readonly (readonly [expression: string, value: unknown])[] = [
  // SUBSTRING function
  ["substring('caterpillar', 6, 4)", 'pill'],
  ["substring('caterpillar', -2, 6)", 'cat'],
  ["substring('caterpillar' FROM -2 FOR 6)", 'cat'],
  ["substring('caterpillar', 0, 2)", 'c'],
  ["substring('caterpillar', -5, 4)", ''],
  ["substr('caterpillar', -2)", 'caterpillar'],
  ["substring('caterpillar', 12)", ''],
  ["split_part('a,b,c', ',', 3)", 'c'],
  // Date parts for date or timestamp functions
  ['extract(epoch FROM t.ts)', 1704164645],
  ['extract(second FROM t.ts)', 5],
  ['date_part(second, t.ts)', 5.678],
  ["extract(epoch FROM '2024-01-02 00:00:00.5'::timestamptz)", 1704153600],
  ["extract(dow FROM '2026-11-20'::date)", 5],
  ["DATE '0001-01-01' - 400", '0002-11-28 BC'],
  ["dateadd(year, -3000, '2024-01-01'::date)", '0977-01-01 00:00:00 BC'],
  ["'NaN'::float8", 'NaN'],
  ["'-inf'::float8", '-Infinity'],
  ['t.f * 2 + 1', 4],
  ['(SELECT max(n) FROM t) + 1', 4],
  ["btrim('  a ') || btrim('xax', 'x')", 'aa'],
  ["rpad('a', 3) || '|' || lpad('a', 3)", 'a  |  a'],
  ["rpad('a', 3, 'xy') || lpad('abc', 2, 'x')", 'axyab'],
  ['sign(-3) + sign(2.5) + sign(0)', 0],
  ['5::bool', true],
  ['true::int', 1],
  ["t.k || 1 || '/' || t.d", 'a1/2024-01-02'],
];

const ROWS: readonly (readonly [sql: string, rows: unknown[][]])[] = [
  ['SELECT APPROXIMATE COUNT(DISTINCT g), approximate count(distinct k) FROM t', [[2, 3]]],
  [
    'SELECT k, sum(n) OVER (ORDER BY k ROWS UNBOUNDED PRECEDING) FROM t ORDER BY k',
    [
      ['a', '1'],
      ['b', '3'],
      ['c', '6'],
    ],
  ],
  ['SELECT k FROM t QUALIFY row_number() OVER (ORDER BY n DESC) = 1', [['c']]],
  ['SELECT sum(n) OVER (PARTITION BY g) FROM t WHERE g = 2', [['3']]],
  ['SELECT count(*) FROM t WHERE t.s IS NULL', [[2]]],
  ['SELECT t.s.n FROM t WHERE g = 2 UNION ALL SELECT t.s.n FROM t WHERE n = 1', [[null], ['5']]],
  ["SELECT k FROM t WHERE n = '2' AND f = '2.5'", [['b']]],
  ["SELECT k FROM t WHERE d = '2024-01-02' AND ts > '2024-01-02'", [['a']]],
  ['SELECT a.k, b.k FROM t a FULL JOIN t b ON a.n = b.n + 2 WHERE a.n = 3', [['c', 'a']]],
  ['SELECT k FROM t WHERE n = 1 UNION ALL SELECT k FROM t WHERE n = 2 ORDER BY k DESC LIMIT 1', [['b']]],
];

describe('The warehouse means what Redshift means by', () => {
  test.each([...SUPER, ...VALUES])('%s', async (expression, value) => {
    expect(await warehouse.rows(`SELECT ${expression} FROM t WHERE n = 1`)).toEqual([[value]]);
  });

  test.each(ROWS)('%s', async (sql, rows) => {
    expect(await warehouse.rows(sql)).toEqual(rows);
  });

  test('NULL and text put in from a SELECT, whatever the column', async () => {
    await warehouse.ok('CREATE TABLE taken (n int, b bool, d date, s super, f float8)');
    await warehouse.ok("INSERT INTO taken SELECT '7', NULL, '2024-01-01', NULL, NULL");
    expect(await warehouse.rows('SELECT * FROM taken')).toEqual([[7, null, '2024-01-01', null, null]]);
  });
});

/** Every function of the lists in sql/functions.ts. */
const CALLS = `abs(-1) add_months(t.d, 1) avg(n) bool_and(n > 0) bool_or(n > 0) btrim(k) can_json_parse(k) ceil(f)
  ceiling(f) charindex('a', k) chr(65) coalesce(k, '') concat(k, 'b') convert_timezone('UTC', t.ts) count(*)
  cume_dist() over (order by k) current_database() date_part(year, t.d) date_trunc('month', t.d) dateadd(day, 1, t.d)
  datediff(day, t.d, t.d) dense_rank() over (order by k) exp(1) extract(year from t.d)
  first_value(k) over (partition by g) floor(f) getdate() greatest(1, 2) isnull(k, 'x') json_parse('1')
  json_serialize(t.s) lag(k) over (order by k) last_day(t.d) last_value(k) over (partition by g)
  lead(k) over (order by k) least(1, 2) left(k, 1) len(k) length(k) listagg(k, ',') ln(2) lower(k) lpad(k, 3) ltrim(k)
  max(k) md5(k) min(k) mod(n, 2) ntile(2) over (order by k) nullif(k, 'a') nvl(k, '') nvl2(k, 'a', 'b') octet_length(k)
  percent_rank() over (order by k) pg_last_copy_count() pg_last_copy_id() position('a' in k) pow(n, 2) power(n, 2)
  rank() over (order by k) regexp_count(k, 'a') regexp_replace(k, 'a', 'b') regexp_substr(k, 'a') repeat(k, 2)
  replace(k, 'a', 'b') reverse(k) right(k, 1) round(f) row_number() over (order by k) rpad(k, 3) rtrim(k) sign(n)
  split_part(k, ',', 1) sqrt(4) strpos(k, 'a') substr(k, 1) substring(k, 1) sum(n) trim(k) trunc(f) upper(k)`
  .split(/(?<=\)) (?!over)|\n\s+(?!over)/)
  .map((call) => call.trim());

test.each(CALLS)('A function that the warehouse lists can be called: %s', async (call) => {
  expect((await warehouse.rows(`SELECT ${call} FROM t`)).length).toBeGreaterThan(0);
});
