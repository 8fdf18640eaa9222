/** Pauses: one object a pipeline says when its schedule did not count, and whether it does now. No deploy changes it. */
import * as z from 'zod';
import { Transient } from '#lib/contract/errors.ts';
import { documents } from './document.ts';
import { pausesKey } from './keys.ts';
import type { Store } from './store.ts';

const pause = z.object({
  /** The first instant that belongs to it. */
  from: z.iso.datetime(),
  /** The first instant after it; none while it lasts. */
  to: z.iso.datetime().optional(),
});
type Pause = z.output<typeof pause>;

const pauses = z.object({
  /** Of pauses before it nothing is known. */
  since: z.iso.datetime(),
  /** In the order in which they began; only the last one can last. */
  pauses: z.array(pause),
});

const pausesOfDags = documents({
  name: 'the pauses',
  schema: pauses,
  remedy: 'Remove the object: the pipeline is not paused then. Pause it again where it should be.',
});

/** So many pauses are kept: a tick is looked for among the last ones. */
const KEPT = 100;

/** Whether a pipeline was paused at an instant, or is. */
export async function isPausedAt(store: Store, dagId: string, instant: Date): Promise<boolean> {
  const found = await pausesOfDags.read(store, pausesKey(dagId));
  return found?.value.pauses.some((one) => holds(one, instant)) ?? false;
}

const holds = ({ from, to }: Pause, instant: Date): boolean =>
  Date.parse(from) <= instant.getTime() && (to === undefined || instant.getTime() < Date.parse(to));

/** @returns false where the pipeline was paused already */
export const pauseDag = (store: Store, dagId: string, now: Date): Promise<boolean> =>
  change(store, dagId, (found) => {
    const from = now.toISOString();
    if (found.at(-1) && found.at(-1)?.to === undefined) return undefined;
    return [...found, { from }];
  });

/** @returns false where the pipeline was not paused */
export const unpauseDag = (store: Store, dagId: string, now: Date): Promise<boolean> =>
  change(store, dagId, (found) => {
    const last = found.at(-1);
    if (!last || last.to !== undefined) return undefined;
    return [...found.slice(0, -1), { ...last, to: now.toISOString() }];
  });

const TRIES = 10;

/** @returns whether there was something to change */
async function change(
  store: Store,
  dagId: string,
  to: (found: readonly Pause[]) => Pause[] | undefined,
): Promise<boolean> {
  const key = pausesKey(dagId);
  for (let tries = 0; tries < TRIES; tries++) {
    const found = await pausesOfDags.read(store, key);
    const changed = to(found?.value.pauses ?? []);
    if (!changed) return false;
    const kept = changed.slice(-KEPT);
    const since = changed.length > KEPT ? (kept[0]?.from ?? '') : (found?.value.since ?? kept[0]?.from ?? '');
    const value = { since, pauses: kept };
    const written = found
      ? await pausesOfDags.replace(store, key, { ...found, value })
      : await pausesOfDags.create(store, key, value);
    if (written.written) return true;
  }
  throw new Transient(`Changing ${key}: others changed it ${TRIES} times in between. Try it again.`);
}
