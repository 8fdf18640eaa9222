import { expect, test } from 'vitest';
import { connectFailure, statementFailure } from '#lambdas/warehouse/engines/postgres/errors.ts';
import { serverSecret } from '#lambdas/warehouse/engines/postgres/server.ts';
import { endedInFailure } from '#lambdas/warehouse/session.ts';

const failed = (code: string, sql = 'select 1') => statementFailure('Doing it', { sql, code, message: 'found' });

test.each([
  ['40001', 'a serialization failure'],
  ['40P01', 'a deadlock'],
  ['55P03', 'a lock that is not free'],
  ['57014', 'a statement whose time is up'],
  ['57P01', 'a server that is shut down'],
  ['53300', 'too many connections'],
  ['25P03', 'a transaction that stood still'],
  ['25006', 'a server that only reads since another took over'],
  ['XX000', 'a fault of the server'],
])('%s, %s, may pass', (code) => {
  expect(failed(code).name).toBe('Sluice.Transient');
  expect(endedInFailure(failed(code))).toBe(true);
});

test.each(['42601', '42P01', '42P07', '23505', '23502', '22001', '42501', '28P01'])('%s does not pass', (code) => {
  expect(failed(code).name).toBe('Sluice.Terminal');
});

test.each([
  ['08P01', 'a $2 that nothing is bound to'],
  ['58P01', 'a file that the server does not have'],
  ['57P04', 'a database that was dropped'],
  ['XX001', 'data that is damaged'],
])('%s, %s, does not pass, though others of its class do', (code) => {
  expect(failed(code).name).toBe('Sluice.Terminal');
});

test.each([
  ['42P07', 'CREATE TABLE IF NOT EXISTS a.b (id int8)'],
  ['23505', 'create table if not exists a.b (id int8)'],
  ['42701', 'ALTER TABLE a.b ADD COLUMN c int8'],
])('%s of what two transactions make at once passes', (code, sql) => {
  expect(failed(code, sql).name).toBe('Sluice.Transient');
});

test('the message has the statement without its values, and what to do', () => {
  expect(failed('42501', "insert into a.b values ('secret')").message).toBe(
    `Doing it: "insert into a.b values ('…')" failed: found (SQLSTATE 42501). Grant the connection's user the right ` +
      'that it lacks, or make it the owner, then run again; nothing was changed.',
  );
});

const server = serverSecret.parse({ host: 'db.example.com', dbname: 'd', username: 'u', password: 'hidden' });
const refusal = (code: string, message = 'found') =>
  connectFailure('Asking', server, Object.assign(new Error(message), { code }));

test.each([
  ['28P01', 'Set the connection with the right user'],
  ['3D000', 'Set the connection with the right user'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'set sslmode to require'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'set sslmode to require'],
])('a connection that fails with %s is not tried again, and says what to change', (code, advice) => {
  expect(refusal(code)).toMatchObject({ name: 'Sluice.Terminal', message: expect.stringContaining(advice) });
  expect(refusal(code).message).toContain('connecting to d at db.example.com:5432 as u');
  expect(refusal(code).message).not.toContain('hidden');
});

test.each(['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'ECONNRESET', '57P03', '53300'])('%s may pass', (code) => {
  expect(refusal(code).name).toBe('Sluice.Transient');
});

test('a server without TLS says how to go on', () => {
  expect(refusal('', 'The server does not support SSL connections').message).toContain('set sslmode to disable');
});
