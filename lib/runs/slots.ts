/** Slots: the right of a run to be active. One object a DAG says who has one and who waits. */
import * as z from 'zod';
import { runKind } from '#lib/contract/begin-event.ts';
import { documents } from './document.ts';
import { slotsKey } from './keys.ts';
import type { Store } from './store.ts';

const slotHolder = z.object({
  runId: z.string(),
  execution: z.string(),
  /** Why the execution was started, which need not be why the run began first. */
  kind: runKind.default('manual'),
});
export type SlotHolder = z.output<typeof slotHolder>;

const slots = z.object({ active: z.array(slotHolder), waiting: z.array(slotHolder) });
export type Slots = z.output<typeof slots>;

const slotsOfDags = documents({
  name: 'the slots',
  schema: slots,
  remedy: 'Remove the object once no run of the pipeline is active: nobody has a slot then.',
});

interface FoundSlots {
  readonly slots: Slots;
  /** Writes over what was found; false where it changed in between. */
  replace(slots: Slots): Promise<boolean>;
}

export async function readSlots(store: Store, dagId: string): Promise<FoundSlots> {
  const key = slotsKey(dagId);
  const found = await slotsOfDags.read(store, key);
  const write = (value: Slots) =>
    found ? slotsOfDags.replace(store, key, { ...found, value }) : slotsOfDags.create(store, key, value);
  return {
    slots: found?.value ?? { active: [], waiting: [] },
    replace: async (value) => (await write(value)).written,
  };
}
