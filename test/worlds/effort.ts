/** How much the tests that take long try: each day a part, all of it in `npm run test:deep`. */
const IS_DEEP = process.env['SLUICE_DEEP'] === '1';
const DAY = 86_400_000;

/** How many cases a random test tries. */
export const cases = ({ daily, deep }: { readonly daily: number; readonly deep: number }): number =>
  IS_DEEP ? deep : daily;

/** So many of a list, other ones each day, or all of it in the deep tests. */
export function portionOf<T>(all: readonly T[], count: number): readonly T[] {
  if (IS_DEEP || count >= all.length) return all;
  const first = Math.floor(Date.now() / DAY) * count;
  return Array.from({ length: count }, (_, n) => all[(first + n) % all.length] as T);
}
