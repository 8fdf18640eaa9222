/** Records as nobody expects them: each is staged as its declaration says or refused with a reason, and nothing throws. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Staged } from '#lambdas/lake/staging.ts';
import { Staging } from '#lambdas/lake/staging.ts';
import { type ColumnType, tableDeclaration } from '#lib/contract/table.ts';

const TYPES: ColumnType[] = [
  'int4',
  'int8',
  'float8',
  'boolean',
  'varchar(40)',
  'date',
  'timestamp',
  'timestamptz',
  'super',
];
/** Names that every object of JavaScript has, or that mean something to it. */
const INHERITED = [
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__proto__',
  'toJSON',
  'prototype',
  'length',
];

const table = tableDeclaration.parse({
  name: 'g.t',
  columns: [{ name: 'id', type: 'int8' }, ...TYPES.map((type) => ({ name: type.slice(0, 5), type }))],
  primaryKey: ['id'],
  evolve: true,
  children: [{ name: 'g.c', from: ['list'], parent: { id: 'id' }, columns: [{ name: 'name', type: 'varchar(9)' }] }],
});
const stage = (text: string, by = new Staging(table)) => by.stage(Buffer.from(text));

const key = fc.oneof(
  fc.constantFrom(...INHERITED, ...table.columns.map(({ name }) => name), 'list', 'name', '', 'o'),
  fc.string(),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.maxSafeInteger(),
      fc.string({ unit: 'binary' }),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((fields) => new Map(fields)),
  ),
}));
/** JSON of a Map as of an object, so that `__proto__` is a name like others. */
const json = (one: unknown): string => {
  if (Array.isArray(one)) return `[${one.map(json).join(',')}]`;
  if (!(one instanceof Map)) return JSON.stringify(one);
  return `{${[...one].map(([name, inner]) => `${JSON.stringify(name)}:${json(inner)}`).join(',')}}`;
};

test('whatever the fields of a record are called and hold, it is staged or refused; nothing throws', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value), { maxLength: 8 }), (fields) => {
      const staged = stage(json(new Map<string, unknown>([['id', 1], ...fields])));
      if ('reason' in staged) expect(staged.reason).not.toMatch(/cannot be staged/);
      else expect(JSON.parse(staged.row)).toMatchObject({ id: expect.any(Number) });
    }),
    { numRuns: 1000 },
  );
});

test('whatever a column is given, its row has that very value, or the record is refused', () => {
  fc.assert(
    fc.property(fc.constantFrom(...TYPES), value, (type, given) => {
      const column = type.slice(0, 5);
      const staged = stage(`{"id":1,"${column}":${json(given)}}`);
      if ('reason' in staged) expect(staged.column).toBe(column);
      else expect(JSON.stringify(JSON.parse(staged.row)[column])).toBe(JSON.stringify(JSON.parse(json(given))));
    }),
    {
      numRuns: 1000,
      examples: TYPES.flatMap(
        (type) =>
          [
            [type, []],
            [type, new Map()],
          ] as [ColumnType, unknown][],
      ),
    },
  );
});

test('what comes in place of an object whose fields are columns is refused, unless it says nothing of them', () => {
  const nested = tableDeclaration.parse({
    name: 'g.t',
    columns: ['id', 'user_id', 'user_plan_id'].map((name) => ({ name, type: 'int8' })),
    primaryKey: ['id'],
  });
  const by = new Staging(nested);
  const isSilent = (one: unknown) => one instanceof Map || (Array.isArray(one) && one.length === 0);
  fc.assert(
    fc.property(value, (given) => {
      for (const record of [`{"id":1,"user":${json(given)}}`, `{"id":1,"user":{"id":2,"plan":${json(given)}}}`]) {
        const staged = by.stage(Buffer.from(record));
        if ('reason' in staged) continue;
        const { id, ...columns } = JSON.parse(staged.row);
        if (given === null) expect(Object.values(columns)).toContain(null);
        else if (!isSilent(given)) expect(`${record}: ${staged.row}`).toBe('refused');
      }
    }),
    { numRuns: 500 },
  );
});

test('a scalar beside the columns that begin with its name is no object in another shape', () => {
  const links = tableDeclaration.parse({
    name: 'g.t',
    columns: [
      { name: 'id', type: 'int8' },
      { name: 'comments_url', type: 'varchar(40)' },
    ],
    primaryKey: ['id'],
  });
  const by = new Staging(links);
  expect(by.stage(Buffer.from('{"id":1,"comments":5,"comments_url":"u"}'))).toMatchObject({
    row: '{"id":1,"comments_url":"u"}',
  });
  expect(by.stage(Buffer.from('{"id":1,"comments":5}'))).toEqual({
    column: 'comments_url',
    reason: "expected it in an object 'comments', found 5 there",
  });
});

const nestedBy = (open: string, close: string, depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;
const DEEP = /^is nested deeper than 1000 levels$/;

test.each([
  ['lists', '[', ']'],
  ['objects', '{"a":', '}'],
  ['objects with long names', `{"${'n'.repeat(60)}":`, '}'],
])('%s inside each other: 1,000 levels are staged, more are refused at once, wherever they are', (_, open, close) => {
  for (const field of ['unknown', 'super', 'list']) {
    const record = (depth: number) => stage(`{"id":1,"x":1.0,"${field}":${nestedBy(open, close, depth)}}`);
    if (field === 'unknown') expect(record(999)).toMatchObject({ row: expect.any(String) });
    for (const depth of [1001, 5000, 100_000]) expect(record(depth)).toMatchObject({ reason: expect.any(String) });
    for (const depth of [1001, 5000, 100_000]) {
      if (field !== 'list') expect((record(depth) as { reason: string }).reason).toMatch(DEEP);
    }
  }
});

test('a record of too many values or bytes is refused with the bound', () => {
  const list = `[${'1,'.repeat(100_000)}1]`;
  expect(stage(`{"id":1,"x":${list}}`)).toEqual({ reason: 'has more than 100000 values' });
  expect(stage(`{"id":1,"x":"${'y'.repeat(16 * 1024 * 1024)}"}`)).toEqual({
    reason: 'has 16777231 bytes, more than 16777216',
  });
});

test('names that are too long for a column share one, so that what is counted stays small', () => {
  const by = new Staging(table);
  expect((stage(`{"id":1,"${'n'.repeat(300)}":1,"a":{"${'m'.repeat(254)}":{"b":1}}}`, by) as Staged).row).toBeDefined();
  expect(by.unknownFields()).toEqual({ '(other names)': 2 });
});

test.each([
  [
    'a text that is longer than a warehouse holds',
    { a: ['x'.repeat(65_536)] },
    '65536 bytes of UTF-8, one string in a super holds 65535',
  ],
  ['NUL', ['a\0'], 'holds U+0000, which Redshift refuses'],
  ['half a surrogate pair', { a: '\ud800' }, 'holds half a surrogate pair, which UTF-8 cannot express'],
  ['a name with NUL', { 'a\0': 1 }, 'holds U+0000, which Redshift refuses'],
])('a super with %s is refused', (_, given, reason) => {
  expect(stage(JSON.stringify({ id: 1, super: given }))).toEqual({ column: 'super', reason });
});
