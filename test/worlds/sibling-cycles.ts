/** A dependency of one file on another, by their paths. */
type Edge = readonly [from: string, to: string];

/**
 * The circles between what lies side by side in a folder, files and folders alike: `plan.ts → engines → plan.ts`, of
 * which neither a cycle of files nor one of folders need be a part.
 *
 * @returns one line for each: the folder, and what of it imports each other
 */
export function siblingCycles(edges: readonly Edge[]): string[] {
  const byFolder = new Map<string, Map<string, Set<string>>>();
  for (const [from, to] of edges) {
    const { folder, one, other } = siblingsOf(from.split('/'), to.split('/'));
    const siblings = byFolder.get(folder) ?? new Map<string, Set<string>>();
    siblings.set(one, (siblings.get(one) ?? new Set()).add(other));
    byFolder.set(folder, siblings);
  }
  return [...byFolder].flatMap(([folder, imports]) => {
    const circle = [...imports.keys()].filter((name) => reached(name, imports).has(name)).sort();
    return circle.length > 0 ? [`${folder}: ${circle.join(' ')}`] : [];
  });
}

/** Where the paths part, and what they are called there. */
function siblingsOf(from: readonly string[], to: readonly string[]) {
  const at = from.findIndex((name, index) => name !== to[index]);
  return { folder: from.slice(0, at).join('/'), one: from[at] ?? '', other: to[at] ?? '' };
}

function reached(start: string, imports: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const found = new Set(imports.get(start));
  for (const name of found) for (const next of imports.get(name) ?? []) found.add(next);
  return found;
}
