/** The secret of a connection of type `oauth2`, with an access token that is valid: one attempt at a time refreshes it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { Again, Terminal, Transient } from '#lib/contract/errors.ts';
import type { Connection } from '#lib/contract/fields.ts';
import { lockToken, type TokenLock } from '#lib/runs/token-lock.ts';
import type { Target } from '../http/target.ts';
import type { OpenedSecret } from '../secret.ts';
import { GrantRefused, REQUEST_MS, refresh } from './refresh.ts';
import { type OAuth2Secret, oauth2Secret } from './secret.ts';

type Context = Pick<TaskContext, 'connections' | 'store' | 'log' | 'remaining'>;

/** So long before its end an access token is refreshed. */
const MARGIN_MS = 300_000;
/** Longer than a refresh and its storing take. */
const LOCK_S = 90;
const PAUSE_MS = 500;
/** A secret that was just written may be read as it was before. */
const CONSISTENT_MS = 2000;
const STORE_PAUSES_MS = [500, 2000, 5000];

export async function openOAuth2(context: Context, connection: Connection): Promise<OpenedSecret<Target>> {
  let secret = await withAccess(context, connection, isValid);
  let isRenewed = false;
  return {
    current: () => ({ baseUrl: secret.baseUrl, headers: {}, token: secret.accessToken }),
    renew: async (isRefused) => {
      if (isRenewed) return { isFetched: false, isOther: false };
      isRenewed = true;
      const { accessToken, baseUrl } = secret;
      const isOther = (one: OAuth2Secret) => one.accessToken !== accessToken || one.baseUrl !== baseUrl;
      const isUsable = (one: OAuth2Secret) => isValid(one) && (!isRefused || isOther(one));
      secret = await withAccess(context, connection, isUsable);
      return { isFetched: true, isOther: isOther(secret) };
    },
  };
}

const isValid = ({ accessToken, expiresAt }: OAuth2Secret): boolean =>
  accessToken !== undefined && (expiresAt === undefined || Date.parse(expiresAt) > Date.now() + MARGIN_MS);

type IsUsable = (secret: OAuth2Secret) => boolean;

/** The secret as it is set now, refreshed unless its access token is usable: another attempt may have refreshed it. */
async function withAccess(context: Context, connection: Connection, isUsable: IsUsable): Promise<OAuth2Secret> {
  const { connections, store } = context;
  const of = { connection: connection.connection, secret: connections.secretId(connection) };
  const giveUp = Date.now() + 2 * LOCK_S * 1000;
  for (;;) {
    const found = await connections.refetch(connection, oauth2Secret);
    if (isUsable(found)) return found;
    if (context.remaining() < LOCK_S * 1000)
      throw new Again(
        `Refreshing the token of '${of.connection}': the function's time ends before it could be stored.`,
      );
    const lock = await lockToken(store, of, LOCK_S);
    try {
      if (lock) return await refreshed(context, connection, { lock, isUsable });
    } finally {
      await lock?.release();
    }
    if (Date.now() > giveUp)
      throw new Transient(`The token of '${of.connection}' is being refreshed by others and does not become valid.`);
    await sleep(PAUSE_MS);
  }
}

interface Refreshing {
  readonly lock: TokenLock;
  readonly isUsable: IsUsable;
}

/** Under the lock. The new token is stored before it is used; the old one stays the version before. */
async function refreshed(
  context: Context,
  connection: Connection,
  { lock, isUsable }: Refreshing,
): Promise<OAuth2Secret> {
  const { connections, log } = context;
  const found = await connections.refetch(connection, oauth2Secret);
  if (isUsable(found)) return found;
  if (Date.now() > lock.until.getTime() - 2 * REQUEST_MS)
    throw new Transient(`Refreshing the token of '${connection.connection}': the lock ends before it would be stored.`);
  try {
    const secret = { ...found, ...(await refresh(found)) };
    await stored(context, connection, secret);
    log.info('the token is refreshed', { connection: connection.connection, expiresAt: secret.expiresAt });
    return secret;
  } catch (error) {
    if (!(error instanceof GrantRefused)) throw error;
    await sleep(CONSISTENT_MS);
    const now = await connections.refetch(connection, oauth2Secret);
    if (isUsable(now)) return now;
    throw lost(error, connection, lock);
  }
}

/** A token that a provider rotates is lost where it is not stored. */
async function stored({ connections, log }: Context, connection: Connection, secret: OAuth2Secret): Promise<void> {
  for (const pause of STORE_PAUSES_MS) {
    try {
      return await connections.put(connection, secret);
    } catch (error) {
      log.warn('the refreshed token is not stored yet', error as Error);
      await sleep(pause);
    }
  }
  await connections.put(connection, secret);
}

function lost(cause: GrantRefused, { connection }: Connection, { abandoned }: TokenLock): Terminal {
  const why = abandoned
    ? ` An attempt whose lock ended at ${abandoned.toISOString()} was cut off while it refreshed: the provider's new token is lost with it.`
    : '';
  const message = `${cause.message}${why} Grant access anew: npx sluice connection authorize ${connection}`;
  return new Terminal(message, { cause });
}
