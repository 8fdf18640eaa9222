import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys } from '#local/s3/key-order.ts';
import { list } from '#local/s3/listing.ts';

const keys = fc
  .uniqueArray(
    fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '\u{ffff}', '\u{1f600}'), minLength: 1, maxLength: 6 }),
  )
  .map((all) => all.sort(compareKeys));

/** What S3 promises, said without paging: every key, or in its place the prefix up to the delimiter, once. */
const expected = (sorted: readonly string[], prefix: string, delimiter: string): string[] => {
  const names = sorted
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const [first, ...rest] = delimiter === '' ? [key] : key.slice(prefix.length).split(delimiter);
      return rest.length === 0 ? key : prefix + first + delimiter;
    });
  return [...new Set(names)];
};

const options = fc.record({
  prefix: fc.constantFrom('', 'a', 'a/', 'é'),
  delimiter: fc.constantFrom('', '/', 'b'),
  maxKeys: fc.integer({ min: 1, max: 5 }),
});

test('pages of any size, put together, are the whole listing', () => {
  fc.assert(
    fc.property(keys, options, (sorted, { prefix, delimiter, maxKeys }) => {
      const found: string[] = [];
      for (let after: string | undefined = ''; after !== undefined; ) {
        const page: ReturnType<typeof list> = list(sorted, { prefix, delimiter, after, maxKeys });
        found.push(...[...page.keys, ...page.commonPrefixes].sort(compareKeys));
        after = page.next;
      }
      expect(found).toEqual(expected(sorted, prefix, delimiter));
    }),
  );
});
