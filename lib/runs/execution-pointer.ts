/** What is kept of an execution: which run it carries out, and that people were mailed about its end. */
import * as z from 'zod';
import { documents } from './document.ts';
import { alertedKey, executionKey } from './keys.ts';
import type { Store } from './store.ts';

const runPointer = z.object({ dagId: z.string(), runId: z.string() });
export type RunPointer = z.output<typeof runPointer>;

const pointers = documents({
  name: 'the run of an execution',
  schema: runPointer,
  remedy: 'Remove the object and run that date again.',
});

const alerts = documents({
  name: 'the mark of a mail',
  schema: z.object({ at: z.string() }),
  remedy: 'Remove the object: the mail is sent once more.',
});

export const pointToRun = async (store: Store, execution: string, { dagId, runId }: RunPointer): Promise<void> =>
  void (await pointers.create(store, executionKey(execution), { dagId, runId }));

/** Undefined where the execution carries no run out. */
export const runOfExecution = async (store: Store, execution: string): Promise<RunPointer | undefined> =>
  (await pointers.read(store, executionKey(execution)))?.value;

export const isAlerted = async (store: Store, execution: string): Promise<boolean> =>
  (await alerts.read(store, alertedKey(execution))) !== undefined;

export const markAlerted = async (store: Store, execution: string, at: Date): Promise<void> =>
  void (await alerts.create(store, alertedKey(execution), { at: at.toISOString() }));
