import { expect, test } from 'vitest';
import { Evolution, mergedColumns, typeFor } from '#lambdas/lake/evolution.ts';
import { type Json, parseExact } from '#lambdas/lake/exact.ts';
import { Staging } from '#lambdas/lake/staging.ts';
import { tableDeclaration } from '#lib/contract/table.ts';

test.each([
  ['true', 'boolean'],
  ['7', 'int8'],
  ['12345678901234567', 'int8'],
  ['-9223372036854775808', 'int8'],
  ['9223372036854775808', 'varchar(65535)'],
  ['1.0', 'float8'],
  ['1e400', undefined],
  ['"7"', 'varchar(65535)'],
  ['"2026-11-19"', 'varchar(65535)'],
  [JSON.stringify('ü'.repeat(32_768)), undefined],
])('%.40s goes into a column of type %s', (text, type) => {
  expect(typeFor(parseExact(text))).toBe(type);
});

const declared = (evolve: boolean) =>
  tableDeclaration.parse({
    name: 'g.t',
    columns: [{ name: 'id', type: 'int8' }],
    primaryKey: ['id'],
    evolve,
    children: [{ name: 'g.c', from: ['labels', 'label'], parent: {}, columns: [{ name: 'name', type: 'varchar(9)' }] }],
  });
const staged = (texts: readonly string[], evolve = true) => {
  const staging = new Staging(declared(evolve));
  const rows = texts.map((text) => (staging.stage(Buffer.from(text)) as { row: string }).row);
  return { rows, columns: staging.foundColumns(), unknown: staging.unknownFields() };
};

test('a table that does not evolve has no other columns; what it lacks is counted', () => {
  expect(staged(['{"id":1,"a":2}', '{"id":2,"a":null}'], false)).toEqual({
    rows: ['{"id":1}', '{"id":2}'],
    columns: [],
    unknown: { a: 2 },
  });
});

test('a table that evolves gets a column for each field, as its values were written', () => {
  expect(staged(['{"id":1,"a":{"b":1.0,"c":[true]}}', '{"id":2,"a":{"b":null,"d":"x"}}'])).toEqual({
    rows: ['{"id":1,"a_b":1.0,"a_c_0":true}', '{"id":2,"a_b":null,"a_d":"x"}'],
    columns: [
      { name: 'a_b', type: 'float8' },
      { name: 'a_c_0', type: 'boolean' },
      { name: 'a_d', type: 'varchar(65535)' },
    ],
    unknown: {},
  });
});

test('a field whose values differ in kind is text, so that none of them changes', () => {
  expect(staged(['{"id":1,"a":1}', '{"id":2,"a":"x"}', '{"id":3,"a":2}']).columns).toEqual([
    { name: 'a', type: 'varchar(65535)' },
  ]);
  const [int, float] = [{ name: 'a', type: 'int8' } as const, { name: 'a', type: 'float8' } as const];
  expect(mergedColumns([[int], [int]])).toEqual([int]);
  expect(mergedColumns([[int], [float]])).toEqual([{ name: 'a', type: 'varchar(65535)' }]);
});

test('a field that is never more than null is no column', () => {
  expect(staged(['{"id":1,"a":null}']).columns).toEqual([]);
});

test('a value that no column can keep, and names that COPY would not find, are counted', () => {
  const long = 'x'.repeat(65_536);
  const { columns, unknown, rows } = staged([`{"id":1,"a":"${long}","A":1,"ID":2,"":3}`]);
  expect({ columns, unknown, rows }).toEqual({
    columns: [],
    unknown: { a: 1, A: 1, ID: 1, '': 1 },
    rows: ['{"id":1}'],
  });
});

test('what a child table holds does not become columns of its parent', () => {
  expect(staged(['{"id":1,"label":{"name":"bug","colour":"red"}}']).columns).toEqual([]);
});

test('there is an end to the columns of one table', () => {
  const evolution = new Evolution([], []);
  const taken = Array.from({ length: 300 }, (_, n) => evolution.takes({ name: `id${n}` }, n as Json));
  expect(taken.filter((one) => one)).toHaveLength(200);
  expect(evolution.columns()).toHaveLength(200);
});
