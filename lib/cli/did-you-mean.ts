/** So many changes apart may a name be from the one that was meant; of a short one, fewer. */
const MOST_CHANGES = 3;

/** A sentence that names what was most likely meant, with a blank before it; empty where nothing is near. */
export function didYouMean(text: string, names: readonly string[]): string {
  const [nearest] = names
    .map((name) => ({ name, changes: name.startsWith(text) ? 0 : changesBetween(text, name) }))
    .filter(({ name, changes }) => changes <= Math.min(MOST_CHANGES, Math.floor(name.length / 2)))
    .sort((one, other) => one.changes - other.changes);
  return nearest ? ` Did you mean '${nearest.name}'?` : '';
}

/** Letters that are added, left out, replaced, or swapped with their neighbour. */
function changesBetween(one: string, other: string): number {
  const table: number[][] = Array.from({ length: one.length + 1 }, (_, i) => [i]);
  const at = (i: number, j: number) => table[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let j = 0; j <= other.length; j++) (table[0] as number[])[j] = j;
  for (let i = 1; i <= one.length; i++)
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1];
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const ways = [at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (isSame ? 0 : 1)];
      (table[i] as number[])[j] = Math.min(...ways, isSwapped ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY);
    }
  return at(one.length, other.length);
}
