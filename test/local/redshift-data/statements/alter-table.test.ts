import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TestWarehouse } from '../../../worlds/local/warehouse.ts';

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await TestWarehouse.open();
});
beforeEach(async () => {
  await warehouse.batch([
    'DROP TABLE IF EXISTS a, b',
    'CREATE TABLE a (id int NOT NULL, name varchar(3))',
    "INSERT INTO a VALUES (1, 'ada')",
  ]);
});
afterAll(() => warehouse[Symbol.asyncDispose]());

describe('ALTER TABLE', () => {
  test('adds a column with length and default to the rows that are there', async () => {
    await warehouse.ok("ALTER TABLE a ADD COLUMN city varchar(5) DEFAULT 'Rome'");
    expect(await warehouse.rows('SELECT * FROM a')).toEqual([[1, 'ada', 'Rome']]);
    expect(await warehouse.error("UPDATE a SET city = 'London'")).toContain('character varying(5)');
    expect(await warehouse.error("UPDATE a SET name = 'long'")).toContain('character varying(3)');
  });

  test('drops and renames columns', async () => {
    await warehouse.ok('ALTER TABLE a RENAME COLUMN name TO login');
    await warehouse.ok('ALTER TABLE a DROP COLUMN id');
    expect(await warehouse.rows('SELECT login FROM a')).toEqual([['ada']]);
    expect(await warehouse.error("UPDATE a SET login = 'long'")).toContain('character varying(3)');
  });

  test('swaps two tables in one transaction', async () => {
    await warehouse.ok('CREATE TABLE b (LIKE a)');
    const swap = await warehouse.batch([
      "INSERT INTO b VALUES (2, 'bob')",
      'ALTER TABLE a RENAME TO a_old',
      'ALTER TABLE b RENAME TO a',
      'DROP TABLE a_old',
    ]);
    expect(swap.Status).toBe('FINISHED');
    expect(await warehouse.rows('SELECT name FROM a')).toEqual([['bob']]);
  });

  test.each([
    ['ALTER TABLE a ADD COLUMN b int, ADD COLUMN c int', 'one column at a time'],
    ['ALTER TABLE a ADD COLUMN name int', 'already exists'],
    ['ALTER TABLE a ADD COLUMN b int NOT NULL', 'must have a non-null default'],
    ['ALTER TABLE a DROP COLUMN nosuch', 'column "nosuch" does not exist'],
    ['ALTER TABLE a ALTER COLUMN name TYPE varchar(9)', 'does not do this ALTER TABLE'],
    ['ALTER TABLE nosuch RENAME TO b', 'relation "nosuch" does not exist'],
    ['ALTER TABLE a OWNER TO nobody', 'user "nobody" does not exist'],
    ['ALTER TABLE a APPEND FROM b', 'does not do ALTER TABLE APPEND'],
  ])('refuses %s', async (sql, error) => {
    expect(await warehouse.error(sql)).toContain(error);
  });
});
