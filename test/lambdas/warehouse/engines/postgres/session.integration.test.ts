import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, type Postgres, session } from '#lambdas/warehouse/engines/postgres/client.ts';
import { Connection } from '#lambdas/warehouse/engines/postgres/connection.ts';
import { type Server, serverSecret } from '#lambdas/warehouse/engines/postgres/server.ts';
import { endedInFailure } from '#lambdas/warehouse/session.ts';
import { openPostgresAws } from '../../../../worlds/postgres-aws.ts';

let world: Awaited<ReturnType<typeof openPostgresAws>>;
let server: Server;
const connections: Connection[] = [];
beforeAll(async () => {
  world = await openPostgresAws();
  server = serverSecret.parse({ ...world.server, sslmode: 'disable' });
});
afterAll(async () => {
  for (const connection of connections) await connection.end();
  await world.close();
});

/** A Lambda of its own. */
function lambda(more: Partial<Postgres> = {}): Postgres {
  const connection = new Connection();
  connections.push(connection);
  return { connection, server: async () => server, remaining: () => Number.POSITIVE_INFINITY, ...more };
}
const doing = 'Testing';
const count = async (table: string) =>
  (await session(lambda()).query({ doing, sql: `SELECT COUNT(*) AS n FROM ${table}` }))[0]?.['n'];

test('a password that each connection draws anew is drawn once for as long as the connection lives', async () => {
  let drawn = 0;
  const password = async () => {
    drawn += 1;
    return String(server.password);
  };
  const asked = session(lambda({ server: async () => ({ ...server, password: () => password() }) }));
  for (const _ of [1, 2, 3]) await asked.query({ doing, sql: 'SELECT 1 AS one' });
  expect(drawn).toBe(1);
});

test('numbers are exact, and all else is in the words of PostgreSQL', async () => {
  const sql = `SELECT 1::int2 AS a, 9007199254740993 AS b, 1.10::numeric AS c, 1.5::float8 AS d, true AS e, null AS f,
    '2026-11-19 06:00+02'::timestamptz AS g, '2026-11-19'::date AS h, '{"b": 1.0}'::json AS i, 'Infinity'::float8 AS j`;
  expect(await session(lambda()).query({ doing, sql })).toEqual([
    {
      ...{ a: 1, b: 9_007_199_254_740_993n, c: '1.10', d: 1.5, e: true, f: null },
      ...{ g: '2026-11-19 04:00:00+00', h: '2026-11-19', i: '{"b": 1.0}', j: Number.POSITIVE_INFINITY },
    },
  ]);
});

test('a batch under a token runs once, whoever sends it, one after another or at once', async () => {
  await world.admin('CREATE TABLE once (n int4)');
  const batch = { doing, sqls: ['INSERT INTO once SELECT generate_series(1, 3)', 'SELECT 1 FROM once'], token: 'once' };
  const both = await Promise.all([session(lambda()).run(batch), session(lambda()).run(batch)]);
  expect([...both, await session(lambda()).run(batch)]).toEqual([
    [3, 3],
    [3, 3],
    [3, 3],
  ]);
  expect(await session(lambda()).run({ ...batch, token: 'again' })).toEqual([3, 6]);
});

test('a batch that failed under a token is not tried again under it, and says the same', async () => {
  const batch = { doing, sqls: ['INSERT INTO later VALUES (1)'], token: 'failing' };
  const failure = await session(lambda())
    .run(batch)
    .catch((error: Error) => error);
  await world.admin('CREATE TABLE later (n int4)');
  const again = await session(lambda())
    .run(batch)
    .catch((error: Error) => error);
  expect(again).toEqual(failure);
  expect([failure, again].map(endedInFailure)).toEqual([true, true]);
  expect(await session(lambda()).run({ ...batch, token: 'next' })).toEqual([1]);
});

test('nothing of a batch that fails stays, what was made in it neither', async () => {
  const sqls = ['CREATE TABLE gone (n int4)', 'SELECT * FROM nowhere'];
  await expect(session(lambda()).run({ doing, sqls })).rejects.toMatchObject({ name: 'Sluice.Terminal' });
  expect(await world.query("SELECT 1 AS one FROM pg_tables WHERE tablename = 'gone'")).toEqual([]);
});

test('a Lambda has one connection, and takes another where the server has ended it', async () => {
  const one = lambda();
  const pid = async () => (await session(one).query({ doing, sql: 'SELECT pg_backend_pid() AS pid' }))[0]?.['pid'];
  const first = await pid();
  expect(await Promise.all([pid(), pid()])).toEqual([first, first]);
  await world.admin(`SELECT pg_terminate_backend(${first})`);
  expect(await pid()).not.toBe(first);
});

test('a connection that is lost in a batch is one to retry, whose batch has not failed', async () => {
  await world.admin('CREATE TABLE lost (n int4)');
  const sqls = ['INSERT INTO lost VALUES (1)', 'SELECT pg_terminate_backend(pg_backend_pid())'];
  const error = await session(lambda())
    .run({ doing, sqls, token: 'lost' })
    .catch((lost: Error) => lost);
  expect(error).toMatchObject({
    name: 'Sluice.Transient',
    message: expect.stringContaining('connection to PostgreSQL was lost'),
  });
  expect([endedInFailure(error), await count('lost')]).toEqual([false, 0]);
  expect(await session(lambda()).run({ doing, sqls: sqls.slice(0, 1), token: 'lost' })).toEqual([1]);
});

test('a secret that changed is read anew where the server refuses, and a wrong one is told without its password', async () => {
  const wrong = { ...server, password: 'guessed' };
  const changed = lambda({ server: async (isAnew) => (isAnew ? server : wrong) });
  expect(await session(changed).query({ doing, sql: 'SELECT 1 AS one' })).toEqual([{ one: 1 }]);
  const refused = await session(lambda({ server: async () => wrong }))
    .query({ doing, sql: 'SELECT 1' })
    .catch((e: Error) => e);
  expect(refused).toMatchObject({
    name: 'Sluice.Terminal',
    message: expect.stringContaining('password authentication failed'),
  });
  expect(String(refused)).not.toContain('guessed');
});

test('a statement ends before its function does, and none is begun when the time is nearly over', async () => {
  const slow = { doing, sql: 'SELECT pg_sleep(60)' };
  await expect(session(lambda({ remaining: () => 11_100 })).query(slow)).rejects.toMatchObject({
    name: 'Sluice.Transient',
    message: expect.stringContaining('statement timeout'),
  });
  await expect(session(lambda({ remaining: () => 9000 })).query(slow)).rejects.toMatchObject({ name: 'Sluice.Again' });
});

test('a session that stands still in a transaction is ended by the server', async () => {
  const [set] = await session(lambda()).query({ doing, sql: 'SHOW idle_in_transaction_session_timeout' });
  expect(set).toEqual({ idle_in_transaction_session_timeout: '1min' });
});

test('a question cannot change anything, whatever it calls', async () => {
  await world.admin('CREATE SEQUENCE counter');
  const sql = "SELECT nextval('counter') AS n";
  await expect(ask(lambda(), { doing, sql, mayChange: false })).rejects.toThrow('in a read-only transaction');
  expect(await ask(lambda(), { doing, sql, mayChange: true })).toMatchObject({ columns: ['n'], rows: [[1]] });
});

test('a schema is made once where several make it at the same time, also by who may make none that is there', async () => {
  const { createSchema } = world.warehouse.dialect;
  const sqls = [createSchema('at "once'), 'CREATE TABLE IF NOT EXISTS "at ""once".t (n int4)'];
  const all = await Promise.allSettled([1, 2, 3, 4].map(() => session(lambda()).run({ doing, sqls })));
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled']);
  await world.admin('REVOKE CREATE ON DATABASE postgres FROM sluice_user');
  await world.sql(createSchema('at "once'));
});
