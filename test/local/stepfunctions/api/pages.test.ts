import fc from 'fast-check';
import { expect, test } from 'vitest';
import { page } from '#local/stepfunctions/api/pages.ts';

const even = (n: number) => n % 2 === 0;

function allPages(items: number[], maxResults: number, reverse: boolean): number[][] {
  const pages: number[][] = [];
  let nextToken: string | undefined;
  do {
    const result = page(items, { maxResults, nextToken, reverse }, even);
    pages.push(result.found);
    nextToken = result.nextToken;
  } while (nextToken !== undefined);
  return pages;
}

test('pages together are the whole list, in order, none longer than asked for', () => {
  const size = fc.integer({ min: 1, max: 10 });
  fc.assert(
    fc.property(fc.array(fc.integer()), size, fc.boolean(), (items, maxResults, reverse) => {
      const pages = allPages(items, maxResults, reverse);
      const expected = items.filter(even);
      expect(pages.flat()).toEqual(reverse ? expected.reverse() : expected);
      expect(pages.every(({ length }) => length <= maxResults)).toBe(true);
      expect(pages.slice(0, -1).every(({ length }) => length === maxResults)).toBe(true);
    }),
  );
});

test('items added meanwhile do not shift later pages', () => {
  const items = [1, 2, 3];
  const { nextToken } = page(items, { maxResults: 1, reverse: true });
  items.push(4);
  expect(page(items, { maxResults: 1, reverse: true, nextToken }).found).toEqual([2]);
});

test('100 items are a page when nothing is said, 1000 at most', () => {
  const items = Array.from({ length: 2000 }, (_, i) => i);
  expect(page(items, {}).found).toHaveLength(100);
  expect(page(items, { maxResults: 0 }).found).toHaveLength(100);
  expect(page(items, { maxResults: 5000 }).found).toHaveLength(1000);
});

test('a token of another kind is refused', () => {
  expect(() => page([1], { nextToken: 'abc' })).toThrow(expect.objectContaining({ name: 'InvalidToken' }));
});
