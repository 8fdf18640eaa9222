import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { byName } from '#lib/runs/by-name.ts';

const counts = byName(z.int());
/** Names that objects have without anybody having given them, among any others. */
const name = fc.oneof(fc.constantFrom(...Object.getOwnPropertyNames(Object.prototype)), fc.string());

test('whatever the names are, each comes back with its value through JSON, and no other', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name, fc.nat()), { selector: ([one]) => one }), name, (entries, other) => {
      const parsed = counts.parse(JSON.parse(JSON.stringify(counts.parse(Object.fromEntries(entries)))));
      expect(new Map(Object.entries(parsed))).toEqual(new Map(entries));
      expect(parsed[other]).toBe(new Map(entries).get(other));
    }),
  );
});

test('a wrong value is named by its path', () => {
  const { error } = byName(z.object({ rows: z.int() })).safeParse({ ok: { rows: 1 }, constructor: { rows: 'x' } });
  expect(error?.issues).toMatchObject([{ path: ['constructor', 'rows'], message: expect.stringContaining('number') }]);
  expect(counts.safeParse([]).success).toBe(false);
});
