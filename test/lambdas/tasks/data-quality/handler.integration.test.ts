import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { alertOf } from '#lambdas/run/alert.ts';
import { handler } from '#tasks/data-quality/handler.ts';
import {
  acceptedValues,
  between,
  type Check,
  fresh,
  greaterThanZero,
  notNull,
  references,
  rowCount,
  unique,
} from '#tasks/data-quality/task.ts';
import { eventOf } from '../../../worlds/events.ts';
import { openWarehouseAws, type WarehouseAws, warehouse } from '../../../worlds/warehouse-aws.ts';

let aws: WarehouseAws;
beforeAll(async () => {
  aws = await openWarehouseAws();
  aws.describeFunction([]);
});
afterAll(() => aws.close());
beforeEach(async () => {
  await aws.sql(
    'DROP SCHEMA IF EXISTS shop CASCADE',
    'CREATE SCHEMA shop',
    'CREATE TABLE shop.orders (id int4, customer int4, state varchar(10), price float8, at timestamp)',
    'CREATE TABLE shop.customers (id int4)',
    'CREATE TABLE shop.empty (at timestamp)',
    `INSERT INTO shop.orders VALUES (1, 7, 'new', 9.5, '2026-11-18 10:00:00'), (2, 8, 'sent', 0.5, '2026-11-19 10:00:00')`,
    'INSERT INTO shop.customers VALUES (7), (8)',
    'DROP TABLE IF EXISTS sluice.quality',
  );
});

const check = (...checks: readonly Check[]) => handler(eventOf({ connection: warehouse, checks }));
const id = { table: 'shop.orders', columns: ['customer'] };
const price = { table: 'shop.orders', column: 'price' };
const at = { table: 'shop.orders', column: 'at' };
const customers = { table: 'shop.customers', columns: ['id'] };

/** A check that holds, what breaks it, and the row that then offends. */
const BROKEN: readonly (readonly [Check, string, object])[] = [
  [notNull('shop.orders', ['id', 'state']), "INSERT INTO shop.orders VALUES (3, 7, null, 1, '2026-11-19')", { id: 3 }],
  [unique('shop.orders', ['id', 'customer']), 'INSERT INTO shop.orders SELECT * FROM shop.orders', { rows: 2 }],
  [references(id, customers), 'DELETE FROM shop.customers WHERE id = 8', { id: 2 }],
  [
    acceptedValues({ table: 'shop.orders', column: 'state' }, ['new', 'sent', "o'k"]),
    "UPDATE shop.orders SET state = 'lost' WHERE id = 1",
    { state: 'lost' },
  ],
  [between(price, [0.5, 9.5]), 'UPDATE shop.orders SET price = 9.51 WHERE id = 1', { price: 9.51 }],
  [greaterThanZero(price), 'UPDATE shop.orders SET price = 0 WHERE id = 1', { price: 0 }],
  [fresh(at, '2026-11-19T00:00:00Z'), 'DELETE FROM shop.orders WHERE id = 2', { newest: '2026-11-18 10:00:00' }],
  [fresh(at, '2026-11-19T00:00:00Z'), 'DELETE FROM shop.orders', { newest: null }],
  [rowCount('shop.orders', { min: 1 }), 'DELETE FROM shop.orders', { rows: 0 }],
  [rowCount('shop.orders', { max: 2 }), 'INSERT INTO shop.orders SELECT * FROM shop.orders', { rows: 4 }],
];

const CASES = BROKEN.map(([one, ...rest]) => [one.name, one, ...rest] as const);

test.for(CASES)('%s holds, until it does not', async ([, one, breaking, offending]) => {
  expect(await check(one)).toEqual({ checks: 1, warnings: [] });
  await aws.sql(breaking);
  const failure = await check(one).catch((error: Error) => error);
  expect(failure).toMatchObject({ name: 'Sluice.Terminal', message: expect.stringContaining(`- ${one.name}: `) });
  const [, row] = /such as\n +(\{.*\})$/m.exec((failure as Error).message) ?? [];
  expect(JSON.parse(row ?? '')).toMatchObject(offending);
});

test('null is no offence of a check of values and of a reference', async () => {
  await aws.sql('UPDATE shop.orders SET customer = null, state = null, price = null');
  const checks = [references(id, customers), between(price, [1, 2]), greaterThanZero(price)];
  expect(await check(...checks, acceptedValues({ table: 'shop.orders', column: 'state' }, ['new']))).toEqual({
    checks: 4,
    warnings: [],
  });
});

test('a check that warns, and one below its threshold, let the task succeed', async () => {
  await aws.sql('UPDATE shop.orders SET price = 0');
  expect(await check(greaterThanZero(price, { threshold: 2 }))).toEqual({ checks: 1, warnings: [] });
  expect(await check(greaterThanZero(price, { severity: 'warn', threshold: 1 }))).toEqual({
    checks: 1,
    warnings: ['greater than zero shop.orders (price)'],
  });
});

test('all that failed are told at once, with sample rows, five at the most', async () => {
  await aws.sql('INSERT INTO shop.orders SELECT id + 10, 9, state, price, at FROM shop.orders');
  for (let n = 0; n < 2; n++)
    await aws.sql('INSERT INTO shop.orders SELECT id, customer, state, price, at FROM shop.orders');
  const failure = await check(
    references(id, customers),
    unique('shop.orders', ['id']),
    rowCount('shop.customers', { min: 1 }),
  ).catch((error: Error) => error);
  const { message } = failure as Error;
  expect(message).toMatch(
    /^2 of 3 checks failed:\n- references shop.orders \(customer\) in shop.customers: 8 offending/,
  );
  expect(message).toContain('- unique shop.orders (id): 4 offending (0 allowed), such as\n');
  expect(message.match(/"customer":9/g)).toHaveLength(5);
});

test('a mail about them shows sample rows of each', async () => {
  await aws.sql("UPDATE shop.orders SET price = 0, state = 'lost' WHERE id = 1");
  const checks = [greaterThanZero(price), acceptedValues({ table: 'shop.orders', column: 'state' }, ['new', 'sent'])];
  const { message: cause, name: error } = (await check(...checks).catch((thrown: Error) => thrown)) as Error;
  const { subject, message } = alertOf({
    execution: 'arn:aws:states:us-east-1:000000000000:execution:Sluice-shop:1',
    stack: undefined,
    ended: { status: 'FAILED', startedAt: '2026-11-20T10:00:00Z', stoppedAt: '2026-11-20T10:05:00Z' },
    record: { dagId: 'shop', logicalDate: '2026-11-19T00:00:00Z', tasks: { publish: 'upstream_failed' } } as never,
    failures: {
      tries: [{ task: 'check', attempt: 1, functionName: 'f', startedAt: new Date(0), state: 'failed', error, cause }],
      maps: [],
    },
  });
  const row = (at: object) => `      ${JSON.stringify({ id: 1, customer: 7, ...at, at: '2026-11-18 10:00:00' })}`;
  expect([subject, ...message.split('\n')]).toEqual([
    'Sluice: shop 2026-11-19T00:00:00Z failed',
    'The run shop 2026-11-19T00:00:00Z ended with FAILED at 2026-11-20T10:05:00Z.',
    '',
    'Failed tasks:',
    '- check, attempt 1: Sluice.Terminal: 2 of 2 checks failed:',
    '  - greater than zero shop.orders (price): 1 offending (0 allowed), such as',
    row({ state: 'lost', price: 0 }),
    '  - accepted values shop.orders (state): 1 offending (0 allowed), such as',
    row({ state: 'lost', price: 0 }),
    '  All results are in sluice.quality. Correct the data or the check, and run the task again.',
    '',
    'Not run because of that: publish',
    '',
    'Execution: arn:aws:states:us-east-1:000000000000:execution:Sluice-shop:1',
    'When the cause is mended: npx sluice run shop --date 2026-11-19T00:00:00Z',
  ]);
});

test('what many checks found is kept, however long their sample rows are', async () => {
  await aws.sql('INSERT INTO shop.orders SELECT id + 10, customer, state, price, at FROM shop.orders');
  const sql = "select o.id, repeat('\u20ac', 600) as filler from shop.orders o cross join shop.customers";
  const checks = Array.from({ length: 15 }, (_, n) => ({ name: `check ${n}`, sql }));
  await expect(check(...checks)).rejects.toThrow('15 of 15 checks failed');
  expect(await aws.query('SELECT COUNT(*) AS checks FROM sluice.quality')).toEqual([{ checks: 15 }]);
});

test('what was found is kept, one row a run and check, the last time over the one before', async () => {
  const run = eventOf({ connection: warehouse, checks: [greaterThanZero(price), rowCount('shop.empty', { min: 0 })] });
  const again = { ...run, run: { ...run.run, clearing: 2 } };
  const kept = () =>
    aws.query('SELECT clearing, check_name, offending, outcome, sample FROM sluice.quality ORDER BY check_name');
  await handler(run);
  const empty = { check_name: 'row count shop.empty (at least 0)', offending: 0, outcome: 'passed', sample: null };
  const name = 'greater than zero shop.orders (price)';
  expect(await kept()).toMatchObject([{ clearing: 1, check_name: name, offending: 0, outcome: 'passed' }, empty]);
  await aws.sql('UPDATE shop.orders SET price = -1 WHERE id = 1');
  await expect(handler(again)).rejects.toThrow('1 of 2 checks failed');
  expect(await kept()).toMatchObject([
    { clearing: 2, check_name: name, offending: 1, outcome: 'failed', sample: expect.stringContaining('"price":-1') },
    empty,
  ]);
});

test('a check of its own may name values, also those of another check', async () => {
  const own = (name: string, day: string) => ({
    name,
    sql: 'select id from shop.orders where at < cast(:day as timestamp);',
    params: { day },
  });
  await expect(check(own('a', '2026-11-18'), own('b', '2026-11-19'))).rejects.toThrow(
    '1 of 2 checks failed:\n- b: 1 off',
  );
});

test.for([
  ['select 1; select 2', "The check 'mine' has 2 statements. Write it as one query."],
  ['-- nothing', "The check 'mine' has 0 statements. Write it as one query."],
  ['select :day', "The check 'mine' names :day. Give each of them a value in its params."],
])('%s is refused', async ([sql = '', message = '']) => {
  await expect(check({ name: 'mine', sql })).rejects.toMatchObject({ name: 'Sluice.Terminal', message });
});
