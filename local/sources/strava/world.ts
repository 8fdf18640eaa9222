/** The athletes and what they did. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { generatedActivities } from './generated.ts';

/** As the API lists it; numbers keep their text. */
export interface Activity {
  readonly id: number;
  readonly athlete: { readonly id: number; readonly [field: string]: unknown };
  readonly start_date: string;
  readonly [field: string]: unknown;
}

export interface World {
  /** The id of the athlete that a client knows by a name: by the order in which names come. */
  athlete(name: string): number;
  activities(athlete: number): readonly Activity[];
  change(by: (activities: Activity[]) => Activity[]): void;
}

/** In Node 24; TypeScript's libraries do not know it yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

function read(file: string): Activity[] {
  const keepText = (_: string, value: unknown, { source }: { source?: string } = {}) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? rawJSON(source) : value;
  return JSON.parse(readFileSync(file, 'utf8'), keepText) as Activity[];
}

export const written = (activities: readonly Activity[]): string => JSON.stringify(activities);

/**
 * The lists of activities in a folder, as they are when somebody asks.
 * @throws {Error} when there is no such folder, or none in it
 */
export function directoryWorld(directory: string): World {
  const files = () => readdirSync(directory).filter((name) => name.endsWith('.json'));
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory() || files().length === 0)
    throw new Error(`Serving activities from '${directory}': there is no <name>.json, a list of activities.`);
  const all = () => files().flatMap((name) => read(join(directory, name)));
  const change = () => {
    throw new Error(`Change the files in ${directory} instead.`);
  };
  return { ...athletesOf(() => all().map(({ athlete }) => athlete.id)), activities: ofAthlete(all), change };
}

/** Generated when they are first asked for. */
export function generatedWorld(seed: number): World {
  const FIRST_ATHLETE = 1001;
  let changes = (activities: Activity[]) => activities;
  const activities = (athlete: number) => ofAthlete(() => changes(generatedActivities(seed, athlete)))(athlete);
  const change: World['change'] = (by) => {
    const before = changes;
    changes = (all) => by(before(all));
  };
  return { ...athletesOf(() => [FIRST_ATHLETE]), activities, change };
}

const ofAthlete = (all: () => Activity[]) => (id: number) => all().filter(({ athlete }) => athlete.id === id);

/** Each further name is the next athlete; who comes after the last one has done nothing. */
function athletesOf(ids: () => number[]): Pick<World, 'athlete'> {
  const names: string[] = [];
  return {
    athlete: (name) => {
      if (!names.includes(name)) names.push(name);
      const known = [...new Set(ids())];
      const at = names.indexOf(name);
      return known[at] ?? (known.at(-1) ?? 0) + at - known.length + 1;
    },
  };
}
