/** The secret of a connection while a source is read: what the source no longer takes is fetched anew once. */
import type * as z from 'zod';
import type { Connections } from '#lambdas/runtime/connections.ts';
import type { Connection } from '#lib/contract/fields.ts';

export interface OpenedSecret<T> {
  current(): T;
  /**
   * Fetches it anew, the first time.
   * @param isRefused whether the source refused it; otherwise nobody was at its host
   * @returns whether it was fetched, and whether it is another one now
   */
  renew(isRefused: boolean): Promise<{ readonly isFetched: boolean; readonly isOther: boolean }>;
}

export async function openSecret<S extends z.ZodObject>(
  connections: Connections,
  connection: Connection,
  schema: S,
): Promise<OpenedSecret<z.output<S>>> {
  let secret = await connections.get(connection, schema);
  let isRenewed = false;
  const renew = async () => {
    if (isRenewed) return { isFetched: false, isOther: false };
    isRenewed = true;
    const before = JSON.stringify(secret);
    secret = await connections.refetch(connection, schema);
    return { isFetched: true, isOther: JSON.stringify(secret) !== before };
  };
  return { current: () => secret, renew };
}

/** Of errors of the network: no connection was made, so nothing was sent. */
const UNCONNECTED: ReadonlySet<unknown> = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'ERR_TLS_CERT_ALTNAME_INVALID', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
]);

/** Whether a request failed since no connection was made: the secret may name a host that is gone. */
export function isUnconnected(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (UNCONNECTED.has((at as NodeJS.ErrnoException).code)) return true;
  }
  return false;
}
