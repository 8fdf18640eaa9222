/** S3 lists keys in the order of their UTF-8 bytes, which is not that of JavaScript's strings beyond the BMP. */
export const compareKeys = (a: string, b: string): number =>
  a === b ? 0 : Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));

/** The first position in a sorted list at which `isReached` holds; it must hold from there on. */
export const firstIndex = (keys: readonly string[], isReached: (key: string) => boolean): number => {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isReached(keys[middle] as string)) high = middle;
    else low = middle + 1;
  }
  return low;
};
