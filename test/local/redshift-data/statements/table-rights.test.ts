import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TestWarehouse } from '../../../worlds/local/warehouse.ts';

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await TestWarehouse.open();
  await warehouse.ok("CREATE USER analyst PASSWORD 'Secret123'");
  await warehouse.ok("CREATE USER warehouse PASSWORD 'Secret123'");
});
afterAll(() => warehouse[Symbol.asyncDispose]());
beforeEach(() => warehouse.batch(['DROP TABLE IF EXISTS a, b', 'CREATE TABLE a (id int, name varchar(3))']));

const rights = (table: string) =>
  warehouse.rows(`SELECT privilege_type, identity_name, identity_type, admin_option FROM svv_relation_privileges
    WHERE namespace_name = 'public' AND relation_name = '${table}' ORDER BY 2, 1`);
const remarks = (table: string) =>
  warehouse.rows(`SELECT column_name, remarks FROM svv_columns WHERE table_name = '${table}' AND remarks IS NOT NULL
    UNION ALL SELECT NULL, remarks FROM svv_tables WHERE table_name = '${table}' AND remarks IS NOT NULL ORDER BY 1`);

describe('Rights to a table', () => {
  test('are told by the catalog, once each', async () => {
    await warehouse.ok('GRANT SELECT, INSERT ON a TO analyst');
    await warehouse.ok('GRANT SELECT ON TABLE public.a TO analyst WITH GRANT OPTION');
    await warehouse.ok('GRANT SELECT ON a TO PUBLIC');
    expect(await rights('a')).toEqual([
      ['INSERT', 'analyst', 'user', false],
      ['SELECT', 'analyst', 'user', true],
      ['SELECT', 'public', 'public', false],
    ]);
    await warehouse.ok('REVOKE SELECT ON a FROM analyst');
    expect(await rights('a')).toHaveLength(2);
  });

  test('of others are told to an administrator, and to whoever may see all', async () => {
    await warehouse.batch([
      'GRANT SELECT ON a TO analyst',
      'GRANT SELECT ON a TO warehouse',
      'GRANT SELECT ON a TO PUBLIC',
    ]);
    const told = () =>
      warehouse.rows("SELECT identity_name FROM svv_relation_privileges WHERE relation_name = 'a' ORDER BY 1", {
        as: 'warehouse',
      });
    expect(await told()).toEqual([['public'], ['warehouse']]);
    await warehouse.ok("ALTER USER warehouse PASSWORD 'Secret123' SYSLOG ACCESS UNRESTRICTED");
    expect(await told()).toEqual([['analyst'], ['public'], ['warehouse']]);
    await warehouse.ok("ALTER USER warehouse PASSWORD 'Secret123' SYSLOG ACCESS RESTRICTED");
    expect(await told()).toHaveLength(2);
    const own = "ALTER USER warehouse PASSWORD 'Secret123' SYSLOG ACCESS UNRESTRICTED";
    expect(await warehouse.error(own, { as: 'warehouse' })).toContain('permission denied to alter user');
  });

  test('ALL is each of them', async () => {
    await warehouse.ok('GRANT ALL ON a TO analyst');
    expect((await rights('a')).map(([privilege]) => privilege)).toEqual(
      ['ALTER', 'DELETE', 'DROP', 'INSERT', 'REFERENCES', 'SELECT', 'TRUNCATE', 'UPDATE'], // prettier-ignore
    );
  });

  test('follow a renamed table, and go with one that is dropped', async () => {
    await warehouse.ok('GRANT SELECT ON a TO analyst');
    await warehouse.ok('ALTER TABLE a RENAME TO b');
    expect([await rights('a'), (await rights('b')).length]).toEqual([[], 1]);
    await warehouse.batch(['DROP TABLE b', 'CREATE TABLE b (id int)']);
    expect(await rights('b')).toEqual([]);
  });
});

describe('Comments', () => {
  test('are told by the catalog, and stay where a column is added or the table renamed', async () => {
    await warehouse.ok("COMMENT ON TABLE a IS 'it''s ours'");
    await warehouse.ok("COMMENT ON COLUMN a.name IS 'in full'");
    await warehouse.ok('ALTER TABLE a ADD COLUMN city varchar(5)');
    await warehouse.ok('ALTER TABLE a RENAME TO b');
    expect(await remarks('b')).toEqual([
      ['name', 'in full'],
      [null, "it's ours"],
    ]);
    await warehouse.ok('COMMENT ON TABLE b IS NULL');
    expect(await remarks('b')).toEqual([['name', 'in full']]);
  });
});
