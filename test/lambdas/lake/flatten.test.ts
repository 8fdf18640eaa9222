import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '#lambdas/lake/exact.ts';
import { type Field, Flattener } from '#lambdas/lake/flatten.ts';

interface Counted extends Field {
  times: number;
}
const flattener = () => new Flattener<Counted>((name) => ({ name, times: 0, collisions: 0, record: 0 }));

function flat(record: object, by = flattener()): Map<string, Json> {
  const row = new Map<string, Json>();
  by.flatten(record, (field, value) => {
    field.times++;
    row.set(field.name, value);
  });
  return row;
}

const golden = fileURLToPath(new URL('../../../../shared/data/github/flatten_golden_vectors.json', import.meta.url));

describe.skipIf(!existsSync(golden))('the vectors of flatten_json 0.1.6', () => {
  const vectors = existsSync(golden)
    ? (JSON.parse(readFileSync(golden, 'utf8')) as { input: object; expected: Record<string, Record<string, Json>> }[])
    : [];
  test.each(vectors.map(({ input, expected }) => [JSON.stringify(input), expected['0.1.6']] as const))(
    '%s is flattened as there',
    (input, expected) => {
      expect(Object.fromEntries(flat(JSON.parse(input)))).toEqual(expected);
    },
  );
});

/** The definition, as plain as it can be said. */
function defined(value: unknown, path: string, row: Map<string, unknown>): Map<string, unknown> {
  if (typeof value !== 'object' || value === null) return row.set(path, value);
  for (const [key, inner] of Object.entries(value)) defined(inner, path === '' ? key : `${path}_${key}`, row);
  return row;
}

const key = fc.constantFrom('', 'a', 'b', 'a_b', '_', '0', '__proto__', 'constructor');
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null)),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
  ),
}));
const record = fc.dictionary(key, tree).map((value) => JSON.parse(JSON.stringify(value)) as object);

test('flattening is the plain recursive definition, record after record', () => {
  fc.assert(
    fc.property(fc.array(record), (all) => {
      const by = flattener();
      for (const one of all) expect([...flat(one, by)]).toEqual([...defined(one, '', new Map())]);
    }),
  );
});

test('of fields that get the same name the last one counts, and each one too many is counted by name', () => {
  const by = flattener();
  expect(flat({ a_b: 1, a: { b: 2 } }, by)).toEqual(new Map([['a_b', 2]]));
  expect(flat({ a: { b: 2 }, a_b: 1 }, by)).toEqual(new Map([['a_b', 1]]));
  flat({ a_b: 3 }, by);
  expect(by.fields.get('a_b')).toMatchObject({ times: 5, collisions: 2 });
});

test('a field that takes a list or object whole is not flattened', () => {
  const by = new Flattener<Field>(
    (name) => ({ name, collisions: 0, record: 0 }),
    ({ name }) => name === 'a_b',
  );
  const row: [string, Json][] = [];
  by.flatten({ a: { b: { c: [1] }, d: [2] } }, ({ name }, value) => row.push([name, value]));
  expect(row).toEqual([
    ['a_b', { c: [1] }],
    ['a_d_0', 2],
  ]);
});

test('records with ids for keys do not fill the memory: names beyond a bound share one field', () => {
  const by = flattener();
  for (let id = 0; id < 30_000; id++) flat({ known: 1, [`id${id}`]: 1 }, by);
  expect(by.fields.size).toBeLessThan(20_010);
  expect(by.fields.get('known')?.times).toBe(30_000);
  expect([...by.fields.values()].reduce((sum, { times }) => sum + times, 0)).toBe(60_000);
});
