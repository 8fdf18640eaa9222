/** Slots: the right of a run to be active. One object a DAG says who has one and who waits. */
import * as z from 'zod';
import { Busy, Transient } from '#lib/contract/errors.ts';
import type { Executions } from '#lib/runs/executions.ts';
import { slotsKey } from '#lib/runs/keys.ts';
import type { Store } from '#lib/runs/store.ts';

const holder = z.object({ runId: z.string(), execution: z.string() });
type Holder = z.output<typeof holder>;
const slots = z.object({ active: z.array(holder), waiting: z.array(holder) });
type Slots = z.output<typeof slots>;

interface Deps {
  readonly store: Store;
  readonly executions: Pick<Executions, 'ended'>;
}
interface Wish extends Holder {
  readonly dagId: string;
  readonly maxActiveRuns: number;
}

/**
 * Takes a slot, in the order of logical dates among those that wait. A slot whose execution has ended is free.
 * @throws Busy while there is none; the run then stands among those that wait
 */
export async function takeSlot(deps: Deps, { dagId, maxActiveRuns, ...self }: Wish): Promise<void> {
  const after = await change(deps.store, dagId, async (found) => {
    const { active, waiting } = await alive(deps, found, self.execution);
    const others = active.filter(({ execution }) => execution !== self.execution);
    const queue = inOrder([...waiting.filter(({ execution }) => execution !== self.execution), self]);
    const served = others.length < active.length || queue.indexOf(self) < maxActiveRuns - others.length;
    return served
      ? { active: [...others, self], waiting: queue.filter((one) => one !== self) }
      : { active, waiting: queue };
  });
  if (after.active.some(({ execution }) => execution === self.execution)) return;
  const before = [...after.active, ...after.waiting]
    .filter(({ runId }) => runId !== self.runId)
    .map(({ runId }) => runId);
  throw new Busy(
    `${dagId} ${self.runId} waits for a slot (maxActiveRuns ${maxActiveRuns}) behind ${before.join(', ')}.`,
  );
}

/** Gives the execution's slot back, and its place among those that wait. */
export const freeSlot = (store: Store, dagId: string, execution: string): Promise<unknown> =>
  change(store, dagId, async ({ active, waiting }) => ({
    active: active.filter((one) => one.execution !== execution),
    waiting: waiting.filter((one) => one.execution !== execution),
  }));

async function alive({ executions }: Deps, { active, waiting }: Slots, self: string): Promise<Slots> {
  const isAlive = async ({ execution }: Holder) =>
    execution === self || (await executions.ended(execution)) === 'running';
  const living = async (holders: Holder[]) => {
    const answers = await Promise.all(holders.map(isAlive));
    return holders.filter((_, at) => answers[at]);
  };
  return { active: await living(active), waiting: await living(waiting) };
}

const inOrder = (holders: Holder[]) => holders.toSorted((a, b) => (a.runId < b.runId ? -1 : 1));

const TRIES = 10;

async function change(store: Store, dagId: string, to: (found: Slots) => Promise<Slots>): Promise<Slots> {
  const key = slotsKey(dagId);
  for (let tries = 0; tries < TRIES; tries++) {
    const found = await store.read(key);
    const before = found ? slots.parse(found.value) : { active: [], waiting: [] };
    const after = await to(before);
    if (JSON.stringify(after) === JSON.stringify(before)) return after;
    const { written } = found ? await store.replace(key, after, found.etag) : await store.create(key, after);
    if (written) return after;
  }
  throw new Transient(`Changing ${key}: others changed it ${TRIES} times in between. It is tried again.`);
}
