/** The right to refresh the token of a connection: two that refresh at once would make each other's token invalid. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { documents } from './document.ts';
import { tokenLockKey } from './keys.ts';
import type { Store } from './store.ts';

const locks = documents({
  name: 'the lock of a token',
  schema: z.object({
    holder: z.string(),
    /** Until when nobody else takes it. */
    until: z.iso.datetime(),
    /** Whether its holder gave it back; otherwise it was killed, or is at work. */
    isFree: z.boolean(),
  }),
  remedy: 'Remove the object: the next attempt takes the lock anew.',
});

export interface TokenLock {
  readonly until: Date;
  /** When one ended who did not give the lock back: it may have had a new token, and not have stored it. */
  readonly abandoned: Date | undefined;
  /** Of a lock that another one has taken since it ended, nothing changes. */
  release(): Promise<void>;
}

/** @returns undefined while another one has it */
export async function lockToken(
  store: Store,
  of: { readonly connection: string; readonly secret: string },
  seconds: number,
): Promise<TokenLock | undefined> {
  const key = tokenLockKey(of);
  const found = await locks.read(store, key);
  const now = new Date();
  if (found && !found.value.isFree && new Date(found.value.until) > now) return undefined;
  const until = new Date(now.getTime() + seconds * 1000);
  const value = { holder: randomUUID(), until: until.toISOString(), isFree: false };
  const taken = await (found ? locks.replace(store, key, { ...found, value }) : locks.create(store, key, value));
  if (!taken.written) return undefined;
  return {
    until,
    abandoned: found && !found.value.isFree ? new Date(found.value.until) : undefined,
    release: async () => {
      await locks.replace(store, key, { value: { ...value, isFree: true }, etag: taken.etag });
    },
  };
}
