/** How runs take slots and give them back. */
import { Busy, Transient } from '#lib/contract/errors.ts';
import type { Executions } from '#lib/runs/executions.ts';
import { slotsKey } from '#lib/runs/keys.ts';
import { readSlots, type SlotHolder, type Slots } from '#lib/runs/slots.ts';
import type { Store } from '#lib/runs/store.ts';

interface Deps {
  readonly store: Store;
  readonly executions: Pick<Executions, 'ended'>;
}
interface Wish extends SlotHolder {
  readonly dagId: string;
  readonly maxActiveRuns: number;
}

/**
 * Takes a slot: among those that wait, backfilled runs come last, and otherwise the oldest logical date first. A slot
 * whose execution has ended is free.
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
  const isAlive = async ({ execution }: SlotHolder) =>
    execution === self || (await executions.ended(execution)) === 'running';
  const living = async (holders: SlotHolder[]) => {
    const answers = await Promise.all(holders.map(isAlive));
    return holders.filter((_, at) => answers[at]);
  };
  return { active: await living(active), waiting: await living(waiting) };
}

const inOrder = (holders: SlotHolder[]) => {
  const rank = ({ kind, runId }: SlotHolder) => `${kind === 'backfill' ? 1 : 0} ${runId}`;
  return holders.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
};

const TRIES = 10;

async function change(store: Store, dagId: string, to: (found: Slots) => Promise<Slots>): Promise<Slots> {
  for (let tries = 0; tries < TRIES; tries++) {
    const found = await readSlots(store, dagId);
    const after = await to(found.slots);
    if (JSON.stringify(after) === JSON.stringify(found.slots) || (await found.replace(after))) return after;
  }
  throw new Transient(`Changing ${slotsKey(dagId)}: others changed it ${TRIES} times in between. It is tried again.`);
}
