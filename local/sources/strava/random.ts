/** Numbers in [0, 1), the same ones for the same key. */
export type Random = () => number;

/** A generator (mulberry32, begun from an FNV-1a hash) of its own for each key. */
export const randomOf = (...key: readonly (string | number)[]): Random => {
  let state = 0x811c9dc5;
  for (const character of key.join('\n')) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
