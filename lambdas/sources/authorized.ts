/** A request with the credential of a connection: sent again, once, where that is not taken any more. */
import { Transient } from '#lib/contract/errors.ts';
import type { Connection } from '#lib/contract/fields.ts';
import type { SourcePage } from './pages.ts';
import { isUnconnected, type OpenedSecret } from './secret.ts';

/** The connection leads elsewhere than when the list began. The new credential is not sent to where it led. */
class Moved extends Transient {
  constructor({ connection }: Connection, from: string, cause: unknown) {
    super(`Connection '${connection}' was set anew and no longer leads to ${from}. The list begins anew.`, { cause });
  }
}

interface Sender<S> {
  readonly opened: OpenedSecret<S>;
  readonly connection: Connection;
}

/**
 * Sends a request, and again with the credential renewed where it is refused (an error with the status 401) or nobody is
 * there.
 */
export async function sendAuthorized<S extends { readonly baseUrl: string }, T>(
  { opened, connection }: Sender<S>,
  send: (secret: S) => T | Promise<T>,
): Promise<T> {
  const before = opened.current();
  try {
    return await send(before);
  } catch (error) {
    const isRefused = (error as { status?: number }).status === 401;
    if (!isRefused && !isUnconnected(error)) throw error;
    const { isFetched, isOther } = await opened.renew(isRefused);
    const renewed = opened.current();
    if (renewed.baseUrl !== before.baseUrl) throw new Moved(connection, before.baseUrl, error);
    if (isOther || (isRefused && isFetched)) return send(renewed);
    throw error;
  }
}

/** The pages of a list, which begins anew where its connection turns out to lead elsewhere before the first page. */
export async function* beganAnewIfMoved(open: () => AsyncIterable<SourcePage>): AsyncGenerator<SourcePage> {
  let isBegun = false;
  try {
    for await (const page of open()) {
      isBegun = true;
      yield page;
    }
  } catch (error) {
    if (isBegun || !(error instanceof Moved)) throw error;
    yield* beganAnewIfMoved(open);
  }
}
