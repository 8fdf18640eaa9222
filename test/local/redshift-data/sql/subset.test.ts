/** The subset of Redshift SQL that the warehouse does, as a table: what passes with its result, what is refused and why. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestWarehouse } from '../../../worlds/local/warehouse.ts';

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await TestWarehouse.open();
  await warehouse.ok('CREATE TABLE issue (id int8, login varchar(20), points int4, price decimal(10,2), tags super)');
  await warehouse.ok(
    `INSERT INTO issue VALUES (1, 'ada', 3, 1.50, JSON_PARSE('{"a":{"b":[1,2]}}')), (2, 'bob', 4, NULL, NULL)`,
  );
});
afterAll(() => warehouse[Symbol.asyncDispose]());

const ACCEPTED: readonly (readonly [sql: string, row: unknown[]])[] = [
  ["SELECT 'it''s', 'a\\\\b', 'x\\ny'", ["it's", 'a\\b', 'x\ny']],
  ['SELECT 5 / 2, -5 / 2, 5.0 / 2, 7 % 4, mod(7, 4)', [2, -2, 2.5, 3, 3]],
  ["SELECT CAST('5' AS int), ' 7 '::int8, 2.5::int, true::int", [5, 7, 3, 1]],
  ["SELECT 'abc'::varchar(2), 'éé'::varchar(3), CAST('abc' AS varchar)", ['ab', 'é', 'abc']],
  ['SELECT sum(points), sum(id), avg(points), count(*), count(distinct login) FROM issue', [7, '3', 3, 2, 2]],
  ['SELECT 9007199254740993, 1.5::float8, NULL, true', [9007199254740993n, 1.5, null, true]],
  [
    "SELECT TIMESTAMP '2026-11-19 00:00:00', '2026-11-19T01:02:03.5Z'::timestamptz",
    ['2026-11-19 00:00:00', '2026-11-19 01:02:03.5+00'],
  ],
  [
    "SELECT DATEADD(day, -1, '2026-01-01'), DATEADD('month', 1, '2026-01-31'::date)",
    ['2025-12-31 00:00:00', '2026-02-28 00:00:00'],
  ],
  ["SELECT DATEDIFF(month, '2026-01-31', '2026-02-01'), DATEDIFF('day', '2026-01-01', '2026-02-01')", [1, 31]],
  ["SELECT ADD_MONTHS('2026-02-28', 1), LAST_DAY('2026-02-01'::date)", ['2026-03-31 00:00:00', '2026-02-28']],
  [
    "SELECT DATE_TRUNC('month', '2026-02-05'::timestamp), TRUNC('2026-02-05 10:00'::timestamp)",
    ['2026-02-01 00:00:00', '2026-02-05'],
  ],
  ["SELECT CONVERT_TIMEZONE('America/New_York', '2026-07-01 04:00:00'::timestamp)", ['2026-07-01 00:00:00']],
  ["SELECT CONVERT_TIMEZONE('Europe/Berlin', 'UTC', '2026-07-01 02:00:00'::timestamp)", ['2026-07-01 00:00:00']],
  ["SELECT EXTRACT(year FROM '2026-02-05'::date), DATE_PART(dow, '2026-11-20'::date)", [2026, 5]],
  ["SELECT NVL(NULL, 1), NVL2(NULL, 1, 2), COALESCE(NULL, 3), NULLIF(1, 1), CONCAT('a', NULL)", [1, 2, 3, null, null]],
  ["SELECT LEN('é'), OCTET_LENGTH('é'), CHARINDEX('b', 'ab'), CHR(92), LEFT('abc', 2)", [1, 2, 2, '\\', 'ab']],
  [
    "SELECT LISTAGG(login, ', ') WITHIN GROUP (ORDER BY id DESC), LISTAGG(login) WITHIN GROUP (ORDER BY id) FROM issue",
    ['bob, ada', 'adabob'],
  ],
  ["SELECT JSON_SERIALIZE(JSON_PARSE('[1, 2]')), CAN_JSON_PARSE('{')", ['[1,2]', false]],
  ['SELECT i.tags.a.b[1], i.tags FROM issue i WHERE i.id = 1', ['2', '{"a":{"b":[1,2]}}']],
  [
    "SELECT 'a_b' LIKE 'a\\\\_b', 'axb' LIKE 'a\\\\_b', 'AxB' ILIKE 'a_b', 'abc' ~ 'b.', 'abc' ~* 'B'",
    [true, false, true, true, true],
  ],
  ["SELECT REGEXP_REPLACE('a1b2', '[0-9]', '-'), REGEXP_SUBSTR('ab12', '[0-9]+')", ['a-b-', '12']],
  ['SELECT login FROM issue QUALIFY ROW_NUMBER() OVER (PARTITION BY points % 1 ORDER BY id DESC) = 1', ['bob']],
  ['SELECT TOP 1 login FROM issue ORDER BY price', ['ada']],
  ['SELECT TOP 1 login FROM issue ORDER BY price DESC', ['bob']],
  ['WITH a (x) AS (SELECT 1), b AS (SELECT x + 1 AS y FROM a) SELECT y FROM b', [2]],
  ['SELECT count(*) FROM (SELECT id FROM issue MINUS SELECT 1) q', [1]],
  [
    "SELECT i.login FROM issue AS i LEFT JOIN issue j ON j.id = i.id AND j.login = 'x' WHERE j.id IS NULL AND i.id = 1",
    ['ada'],
  ],
  ['SELECT CURRENT_USER, PG_LAST_COPY_COUNT()', ['admin', 0]],
  ["SELECT CASE WHEN login IN ('ada', 'bob') THEN 1 ELSE 2 END FROM issue LIMIT 1 OFFSET 1", [1]],
  [
    'SELECT 1 AS timestamp, "timestamp" + 1 AS at, at + 1 AS "user" FROM (SELECT 1 AS "timestamp", 2 AS at) q',
    [1, 2, 3],
  ],
  ["SELECT CURRENT_DATE = TRUNC(SYSDATE), '2026-01-01'::date + 1", [true, '2026-01-02']],
  ["SELECT data_type FROM information_schema.columns WHERE table_name = 'issue' AND column_name = 'tags'", ['super']],
  ["SELECT type FROM pg_table_def WHERE tablename = 'issue' AND \"column\" = 'login'", ['character varying(20)']],
  ['SELECT "table", tbl_rows FROM svv_table_info WHERE "schema" = \'public\'', ['issue', 2]],
];

const REFUSED: readonly (readonly [sql: string, error: string])[] = [
  ["SELECT CAST('text' AS int)", 'invalid input syntax for integer: "text"'],
  ["SELECT CASE WHEN 1 = 2 THEN CAST('text' AS int) END", 'invalid input syntax for integer: "text"'],
  ["SELECT CAST(login || '!' AS int) FROM issue WHERE id = 1", 'ada!'],
  ["SELECT '1.5'::int || ''", 'invalid input syntax for integer: "1.5"'],
  ['SELECT 1 / (id - id) FROM issue', 'Divide by zero'],
  ['SELECT 1 % 0', 'Divide by zero'],
  ['SELECT * FROM nosuch', 'relation "nosuch" does not exist'],
  ['SELECT nosuch FROM issue', 'column "nosuch" does not exist'],
  ['SELECT * FROM nosuch.issue', 'schema "nosuch" does not exist'],
  ['SELEKT 1', 'does not do the statement SELEKT'],
  ['SELECT FROM', 'syntax error'],
  ['SELECT timestamp FROM (SELECT 1 AS "timestamp") q', 'syntax error at or near "timestamp"'],
  ['SELECT id FROM issue GROUP BY user', 'syntax error at or near "user"'],
  ['SELECT 1; SELECT 2', 'several statements in one text'],
  ["SELECT * FROM 'issues.csv'", 'syntax error at or near "\'issues.csv\'"'],
  ['SELECT * FROM "issues.csv"', 'does not do a table named "issues.csv"'],
  ["SELECT * FROM read_csv('x')", 'does not do the function read_csv()'],
  ['SELECT * FROM duckdb_tables', 'does not do a table named "duckdb_tables"'],
  ['SELECT * FROM users', 'relation "users" does not exist'],
  ['SELECT * FROM _records.users', 'schema "_records" does not exist'],
  ['SELECT * FROM pg_class', 'does not do the system table pg_class'],
  ['SELECT * FROM dev.public.issue', 'does not do tables of another database'],
  ['SELECT main.getenv(login) FROM issue', 'does not do functions of a schema'],
  ["SELECT TO_CHAR(id, '999') FROM issue", 'does not do the function to_char()'],
  ['SELECT label FROM issue i, i.tags AS label', 'does not do unnesting of a SUPER'],
  ['SELECT * FROM (VALUES (1)) v (a)', 'Redshift takes VALUES in INSERT only'],
  ['SELECT DISTINCT ON (login) id FROM issue', 'Redshift has no DISTINCT ON'],
  ['SELECT count(*) FILTER (WHERE id > 1) FROM issue', 'Redshift has no FILTER'],
  ['INSERT INTO issue (id) VALUES (9) RETURNING id', 'Redshift has no RETURNING'],
  ['INSERT INTO issue (id) VALUES (9) ON CONFLICT DO NOTHING', 'Redshift has no ON CONFLICT'],
  ["SELECT 'a' SIMILAR TO 'b'", 'does not do SIMILAR TO'],
  ['SELECT a.id FROM issue a, issue b WHERE a.id = b.id (+)', 'does not do ( + )'],
  ['SELECT [1, 2]', 'does not do lists in brackets'],
  ["SELECT {'a': 1}", 'syntax error at or near "{"'],
  ["SELECT INTERVAL '1 day'", 'does not do a result of type INTERVAL'],
  ['SELECT CURRENT_TIMESTAMP', 'use GETDATE() or SYSDATE'],
  ['SELECT AVG(id) FROM issue', 'does not do AVG of bigint'],
  ['SELECT AVG(points) OVER () FROM issue', 'does not do AVG with DISTINCT or OVER'],
  ['SELECT 1::char(3)', 'does not do a cast to char'],
  ['SELECT id INTO other FROM issue', 'does not do SELECT INTO'],
  ['MERGE INTO issue USING issue AS b ON 1 = 1', 'does not do the statement MERGE INTO'],
  ['UNLOAD (1)', 'does not do the statement UNLOAD'],
  ['CREATE MATERIALIZED VIEW v AS SELECT 1', 'does not do the statement CREATE'],
  ['BEGIN', 'does not do the statement BEGIN'],
  ['SET search_path TO x', 'does not do the statement SET'],
];

describe('The warehouse', () => {
  test.each(ACCEPTED)('does %s', async (sql, row) => {
    expect((await warehouse.rows(sql))[0]).toEqual(row);
  });

  test.each(REFUSED)('refuses %s', async (sql, error) => {
    expect(await warehouse.error(sql)).toContain(error);
  });

  test('tells the time in UTC without a zone', async () => {
    const [[now, transaction] = []] = await warehouse.rows('SELECT GETDATE(), SYSDATE');
    expect(now).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(Math.abs(Date.parse(`${transaction}Z`) - Date.now())).toBeLessThan(60_000);
  });

  test('names columns as Redshift does', async () => {
    const { Id } = await warehouse.ok(
      'SELECT count(*), max(id), id::int, \'x\', 1 AS "Total", trunc(sysdate) FROM issue GROUP BY id',
    );
    const { ColumnMetadata } = await warehouse.api.GetStatementResult({ Id });
    const columns = ColumnMetadata as { name: string; typeName: string }[];
    expect(columns.map(({ name }) => name)).toEqual(['count', 'max', 'id', '?column?', 'total', 'trunc']);
    expect(columns.map(({ typeName }) => typeName)).toEqual(['int8', 'int8', 'int4', 'varchar', 'int4', 'date']);
  });
});
