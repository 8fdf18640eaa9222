import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestWarehouse } from '../../../worlds/local/warehouse.ts';

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await TestWarehouse.open();
  await warehouse.ok("CREATE USER warehouse PASSWORD 'Secret123'");
});
afterAll(() => warehouse[Symbol.asyncDispose]());

describe('A user', () => {
  test('is let in by name and password of its secret', async () => {
    expect(await warehouse.rows('SELECT CURRENT_USER', { as: 'warehouse' })).toEqual([['warehouse']]);
  });

  test.each([
    ['wrong-password', 'FATAL: password authentication failed for user "warehouse"'],
    ['no-json', 'does not hold JSON with a username and a password'],
    ['nosuch', "Secrets Manager can't find the specified secret"],
  ])('is not let in with the secret %s', async (as, error) => {
    expect(await warehouse.error('SELECT 1', { as })).toContain(error);
  });

  test('follows a new password', async () => {
    await warehouse.ok("CREATE USER passing PASSWORD 'Secret123'");
    await warehouse.ok("ALTER USER passing PASSWORD 'Secret124'");
    await warehouse.ok('DROP USER passing');
    expect(await warehouse.rows("SELECT usename FROM pg_user WHERE usename = 'passing'")).toEqual([]);
  });

  test.each([
    ["CREATE USER warehouse PASSWORD 'Secret123'", 'user "warehouse" already exists'],
    ["CREATE USER weak PASSWORD 'secret'", 'a password has 8 to 64 characters'],
    ["CREATE USER other PASSWORD 'Secret123' IN GROUP x", 'does not do this option of a user'],
    ["ALTER USER nobody PASSWORD 'Secret123'", 'user "nobody" does not exist'],
    ['GRANT SELECT ON nosuch TO warehouse', 'relation "nosuch" does not exist'],
    ['GRANT USAGE ON SCHEMA nosuch TO warehouse', 'schema "nosuch" does not exist'],
    ['GRANT USAGE ON SCHEMA public TO nobody', 'user "nobody" does not exist'],
    ['GRANT USAGE ON SCHEMA public TO GROUP g', 'does not do groups and roles'],
    ['CREATE SCHEMA s AUTHORIZATION nobody', 'user "nobody" does not exist'],
  ])('%s is refused', async (sql, error) => {
    expect(await warehouse.error(sql)).toContain(error);
  });

  test('creates in a schema that it owns or was granted, and nowhere else', async () => {
    await warehouse.ok('CREATE SCHEMA own AUTHORIZATION warehouse');
    await warehouse.ok('CREATE SCHEMA granted');
    await warehouse.ok('CREATE SCHEMA closed');
    await warehouse.ok('GRANT USAGE, CREATE ON SCHEMA granted TO warehouse');
    for (const schema of ['own', 'granted', 'public'])
      await warehouse.ok(`CREATE TABLE ${schema}.mine (a int)`, { as: 'warehouse' });
    const as = 'warehouse';
    expect(await warehouse.error('CREATE TABLE closed.mine (a int)', { as })).toBe(
      'ERROR: permission denied for schema closed',
    );
    expect(await warehouse.error('CREATE SCHEMA mine', { as })).toBe('ERROR: permission denied for database dev');
    expect(await warehouse.error("CREATE USER mine PASSWORD 'Secret123'", { as })).toContain(
      'permission denied to create user',
    );
    await warehouse.ok('REVOKE CREATE ON SCHEMA granted FROM warehouse');
    expect(await warehouse.error('CREATE TABLE granted.more (a int)', { as })).toContain('permission denied');
  });

  test('is not dropped while it owns a schema', async () => {
    await warehouse.ok("CREATE USER owner PASSWORD 'Secret123'");
    await warehouse.ok('CREATE SCHEMA IF NOT EXISTS owned AUTHORIZATION owner');
    await warehouse.ok('CREATE SCHEMA IF NOT EXISTS owned');
    expect(await warehouse.error('DROP USER owner')).toContain('owns a schema');
    await warehouse.ok('ALTER SCHEMA owned OWNER TO warehouse');
    await warehouse.ok('DROP USER owner');
    await warehouse.ok('DROP SCHEMA owned CASCADE');
  });
});
