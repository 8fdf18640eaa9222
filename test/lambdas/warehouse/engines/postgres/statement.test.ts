import { expect, test } from 'vitest';
import { serverSecret, tlsOf } from '#lambdas/warehouse/engines/postgres/server.ts';
import { bindNames } from '#lambdas/warehouse/engines/postgres/statement.ts';

test('each place of a name has a value of its own: what stands around it gives its type', () => {
  const sql = `select :day, ':day', a::date from "b:day" where c = cast(:day as date) and d = :id -- :day`;
  expect(bindNames(sql, { day: '2026-11-19', id: '7' })).toEqual({
    text: `select $1, ':day', a::date from "b:day" where c = cast($2 as date) and d = $3 -- :day`,
    values: ['2026-11-19', '2026-11-19', '7'],
  });
});

const of = (more: object) =>
  tlsOf(serverSecret.parse({ host: 'db.example.com', dbname: 'd', username: 'u', password: 'p', ...more }));

test('TLS is as sslmode says: whole without it, with the authorities of RDS for its hosts', async () => {
  expect(await of({})).toEqual({ rejectUnauthorized: true });
  expect(await of({ sslmode: 'require' })).toEqual({ rejectUnauthorized: false });
  expect(await of({ sslmode: 'disable' })).toBe(false);
  const rds = await of({ host: 'shop.cluster-abc.eu-central-1.rds.amazonaws.com' });
  expect(rds).toMatchObject({ rejectUnauthorized: true, ca: expect.any(Array) });
  expect(await of({ host: 'shop.rds.amazonaws.com.example.com' })).toEqual({ rejectUnauthorized: true });
});
