/** Numbers in [0, 1), the same ones for the same key. */
export type Random = () => number;

const FNV_PRIME = 0x01000193;

/** A whole number of 32 bits that a text always has. */
export const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME);
  return hash >>> 0;
};

/** A generator (mulberry32) of its own for each key, so that one object's values do not depend on another's. */
export const randomOf = (...key: readonly (string | number)[]): Random => {
  let state = hashOf(key.join('\n'));
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** A whole number from `low` to `high`, both included. */
export const between = (random: Random, [low, high]: readonly [number, number]): number =>
  low + Math.floor(random() * (high - low + 1));

export const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

/** Up to `count` different members of a list, in its order. */
export const some = <T>(random: Random, list: readonly T[], count: number): T[] => {
  const chosen = new Set<T>();
  for (let n = 0; n < count; n += 1) chosen.add(pick(random, list));
  return list.filter((member) => chosen.has(member));
};
