/** How a run goes on from what is loaded. Dates are logical dates, ISO 8601 in UTC. */

/** What loads of earlier dates left of a table. */
export interface TableState {
  readonly table: string;
  /** Whether it and its child tables exist, and have every column that is declared. */
  readonly isAsDeclared: boolean;
  /** The newest date that is loaded; undefined where none is. */
  readonly loaded: string | undefined;
  /** Whether that date's run was cleared after this load. What it has read then, the table may lack. */
  readonly isClearedSince: boolean;
  /** The newest date of which the table was given all that the source had. */
  readonly whole: string | undefined;
}

export interface Wanted {
  readonly logicalDate: string;
  readonly fullEveryDays: number;
  readonly full: boolean;
}

export type Decision =
  | { readonly since: string; readonly mode: 'upsert' }
  | { readonly since: null; readonly mode: 'rebuild'; readonly because: string };

const DAY_MS = 86_400_000;

/**
 * One decision for all tables: each is brought as far as the one that is furthest behind.
 *
 * @param tables at least one
 */
export function decide(wanted: Wanted, tables: readonly TableState[]): Decision {
  const because = wanted.full ? 'it was asked for' : tables.flatMap((table) => reasonOf(wanted, table) ?? [])[0];
  if (because !== undefined) return { since: null, mode: 'rebuild', because };
  return { since: tables.flatMap(({ loaded = [] }) => loaded).sort()[0] as string, mode: 'upsert' };
}

function reasonOf({ logicalDate, fullEveryDays }: Wanted, state: TableState): string | undefined {
  const { table, isAsDeclared, loaded, isClearedSince, whole } = state;
  if (!isAsDeclared) return `${table} does not exist, or is not as declared`;
  if (loaded === undefined || whole === undefined) return `no earlier date of ${table} is loaded whole`;
  if (isClearedSince) return `the run of ${loaded} was cleared, and has not loaded ${table} again`;
  const days = (Date.parse(logicalDate) - Date.parse(whole)) / DAY_MS;
  return days >= fullEveryDays ? `the last one of ${table} was for ${whole}` : undefined;
}
