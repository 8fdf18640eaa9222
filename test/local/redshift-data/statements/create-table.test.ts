import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestWarehouse } from '../../../worlds/local/warehouse.ts';

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await TestWarehouse.open();
});
afterAll(() => warehouse[Symbol.asyncDispose]());

const typesOf = async (table: string) =>
  warehouse.rows(`SELECT "column", type, "notnull" FROM pg_table_def WHERE tablename = :table ORDER BY "column"`, {
    parameters: { table },
  });

describe('CREATE TABLE', () => {
  test('takes what Redshift takes and keeps types, lengths and NOT NULL', async () => {
    await warehouse.ok(
      `
      CREATE TABLE IF NOT EXISTS "Full" (
        a int8 ENCODE az64 DISTKEY, b varchar(5) NOT NULL ENCODE lzo SORTKEY, c text, d varchar(MAX) DEFAULT 'x, y',
        e timestamptz, f timestamp DEFAULT sysdate, g super, h decimal, i numeric(10, 2), j double precision UNIQUE,
        k int REFERENCES other (k), l boolean, m date,
        PRIMARY KEY (a), FOREIGN KEY (k) REFERENCES other (k)
      ) BACKUP NO DISTSTYLE KEY`
        .replace(' DISTKEY,', ',')
        .replace(' SORTKEY,', ',')
        .replace('DISTSTYLE KEY', 'DISTSTYLE KEY DISTKEY (a) COMPOUND SORTKEY (a, b)'),
    );
    expect(await typesOf('full')).toEqual([
      ['a', 'bigint', true],
      ['b', 'character varying(5)', true],
      ['c', 'character varying(256)', false],
      ['d', 'character varying(65535)', false],
      ['e', 'timestamp with time zone', false],
      ['f', 'timestamp without time zone', false],
      ['g', 'super', false],
      ['h', 'numeric(18,0)', false],
      ['i', 'numeric(10,2)', false],
      ['j', 'double precision', false],
      ['k', 'integer', false],
      ['l', 'boolean', false],
      ['m', 'date', false],
    ]);
  });

  test('holds a varchar to its length in bytes', async () => {
    await warehouse.ok('CREATE TABLE short (a varchar(5))');
    await warehouse.ok("INSERT INTO short VALUES ('éé')");
    expect(await warehouse.error("INSERT INTO short VALUES ('ééé')")).toBe(
      'ERROR: value too long for type character varying(5)',
    );
    expect(await warehouse.error("UPDATE short SET a = 'abcdef'")).toContain('character varying(5)');
  });

  test('does not hold keys to be unique, and never leaves a primary key null', async () => {
    await warehouse.ok('CREATE TABLE keyed (a int PRIMARY KEY, b int UNIQUE)');
    await warehouse.ok('INSERT INTO keyed VALUES (1, 1), (1, 1)');
    expect(await warehouse.error('INSERT INTO keyed (b) VALUES (1)')).toBe(
      'ERROR: Cannot insert a NULL value into column a',
    );
  });

  test('LIKE takes types, lengths and NOT NULL, and defaults if they are asked for', async () => {
    await warehouse.ok("CREATE TABLE pattern (a varchar(3) DEFAULT 'abc', b int NOT NULL)");
    await warehouse.batch([
      'CREATE TEMP TABLE bare (LIKE pattern)',
      'CREATE TABLE with_defaults (LIKE pattern INCLUDING DEFAULTS)',
    ]);
    expect(await typesOf('with_defaults')).toEqual(await typesOf('pattern'));
    const { SubStatements = [] } = await warehouse.batch([
      'CREATE TEMP TABLE bare (LIKE pattern)',
      'INSERT INTO bare (b) VALUES (1)',
      'SELECT a FROM bare',
    ]);
    expect(await warehouse.rowsOf(SubStatements[2]?.Id ?? '')).toEqual([[null]]);
    await warehouse.ok('INSERT INTO with_defaults (b) VALUES (1)');
    expect(await warehouse.rows('SELECT a FROM with_defaults')).toEqual([['abc']]);
  });

  test('TEMP ends with its session', async () => {
    await warehouse.ok('CREATE TEMP TABLE passing (a int)');
    expect(await warehouse.error('SELECT * FROM passing')).toContain('relation "passing" does not exist');
  });

  test('AS a query takes dist and sort keys, and tells its rows', async () => {
    const sql =
      'CREATE TABLE made DISTSTYLE KEY DISTKEY (a) SORTKEY (b) AS SELECT 1 AS a, sysdate AS b UNION ALL SELECT :n, sysdate';
    expect(await warehouse.ok(sql, { parameters: { n: '2' } })).toMatchObject({ ResultRows: 2 });
  });

  test.each([
    ['CREATE TABLE x (a int, A int)', 'column "a" specified more than once'],
    ['CREATE TABLE x (timestamp timestamp)', 'syntax error at or near "timestamp"'],
    ['CREATE TABLE x (a int) DISTKEY (b)', 'column "b" does not exist'],
    ['CREATE TABLE x (a int) SORTKEY (a, b)', 'column "b" does not exist'],
    ['CREATE TABLE x (a int, PRIMARY KEY (b))', 'column "b" does not exist'],
    ['CREATE TABLE x (a int) DISTSTYLE KEY', 'DISTSTYLE KEY needs a DISTKEY column'],
    ['CREATE TABLE x (a int) DISTSTYLE ODD', 'syntax error at or near "odd"'],
    ['CREATE TABLE x (a int ENCODE gzip)', 'syntax error at or near "gzip"'],
    ['CREATE TABLE x (a varchar(65536))', 'length for type varchar cannot exceed 65535'],
    ['CREATE TABLE x (a char(3))', 'does not do a column of type char'],
    ['CREATE TABLE x (a int IDENTITY(1, 1))', 'does not do IDENTITY columns'],
    ['CREATE TABLE x AS SELECT 1 AS a, 2 AS a', 'column "a" specified more than once'],
    ['CREATE TABLE x DISTKEY (b) AS SELECT 1 AS a', 'column "b" does not exist'],
    ['CREATE TABLE IF NOT EXISTS x AS SELECT 1 AS a', 'does not take IF NOT EXISTS'],
    ['CREATE TABLE nosuch.x (a int)', 'schema "nosuch" does not exist'],
    ['CREATE TABLE keyed (a int)', 'Relation "keyed" already exists'],
    ['CREATE TABLE x (LIKE nosuch)', 'relation "nosuch" does not exist'],
    ['CREATE TABLE x (a int) PARTITION BY (a)', 'syntax error at or near "partition"'],
  ])('refuses %s', async (sql, error) => {
    expect(await warehouse.error(sql)).toContain(error);
  });
});
