/** The one connection that a Lambda has to a server, kept from one invocation to the next. */
import pg from 'pg';
import { Again } from '#lib/contract/errors.ts';
import { connectFailure, isRefusal, isUnreachable } from './errors.ts';
import { isAurora, type Server, tlsOf } from './server.ts';
import { VALUE_TYPES } from './values.ts';

/** A server, for as long as a function has. */
export interface Access {
  /** @param isAnew what the secret said before does not hold any more */
  readonly server: (isAnew: boolean) => Promise<Server>;
  /** Milliseconds until the function is ended. */
  readonly remaining: () => number;
}

export type Client = pg.Client;

const CONNECT_MS = 10_000;
/** A paused server wakes in about 15 seconds, after a day in 30 or more; the first connection waits for it. */
const WAKE_MS = 60_000;
/** Left at the end of a function's time for its own answer. */
const RESERVE_MS = 10_000;
const LEAST_MS = 1000;

/**
 * A session whose Lambda was killed ends by itself, and with it the locks of its transaction: none may stand still, the
 * server looks whether the client of a long statement is there, and keepalives tell where nobody is.
 */
const SETTINGS = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  client_min_messages: 'warning',
  idle_in_transaction_session_timeout: '60s',
  client_connection_check_interval: '10s',
  tcp_keepalives_idle: '30',
  tcp_keepalives_interval: '10',
  tcp_keepalives_count: '3',
};
const SET_UP = Object.entries(SETTINGS)
  .map(([name, value]) => `SET ${name} = '${value}'`)
  .join('; ');

export class Connection {
  #client: Client | undefined;
  /** What the client was made of. */
  #madeOf = '';
  /** Resolves when the work before is done. */
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * Does work alone on the connection; what comes meanwhile waits.
   * @param doing for messages, as the beginning of a sentence
   * @throws Again where too little time is left to begin
   * @throws Transient | Terminal where the server cannot be reached, or refuses
   */
  hold<T>(access: Access, doing: string, work: (client: Client) => Promise<T>): Promise<T> {
    const done = this.#turn.then(async () => work(await this.#ready(access, doing)));
    this.#turn = done.catch(() => {});
    return done;
  }

  async end(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end();
  }

  async #ready(access: Access, doing: string): Promise<Client> {
    const server = await access.server(false);
    const limit = { text: limitTime(access, doing), query_timeout: CONNECT_MS };
    if (this.#client && this.#madeOf === JSON.stringify(server)) {
      // A Lambda that was frozen may find a connection that the server has ended.
      const isThere = this.#client.query(limit).then(
        () => true,
        () => false,
      );
      if (await isThere) return this.#client;
    }
    await this.end().catch(() => {});
    const client = await this.#connect(access, doing, server);
    await client.query(limit);
    return client;
  }

  async #connect(access: Access, doing: string, server: Server): Promise<Client> {
    try {
      return await this.#open(server);
    } catch (error) {
      const isStale = isRefusal(error) || isUnreachable(error);
      const current = isStale ? await access.server(true) : server;
      if (JSON.stringify(current) === JSON.stringify(server)) throw connectFailure(doing, server, error as Error);
      return this.#open(current).catch((again: Error) => {
        throw connectFailure(doing, current, again);
      });
    }
  }

  async #open(server: Server): Promise<Client> {
    const { host, port, dbname: database, username: user, password } = server;
    const client = new pg.Client({
      ...{ host, port, database, user, password, ssl: await tlsOf(server), types: VALUE_TYPES },
      application_name: 'sluice',
      connectionTimeoutMillis: isAurora(server) ? WAKE_MS : CONNECT_MS,
      keepAlive: true,
    });
    const forget = () => {
      if (this.#client === client) this.#client = undefined;
    };
    client.on('error', forget);
    client.on('end', forget);
    await client.connect();
    await client.query(SET_UP);
    this.#client = client;
    this.#madeOf = JSON.stringify(server);
    return client;
  }
}

/** Sets how long a statement may take, so that the server ends it before the function is ended. */
function limitTime({ remaining }: Access, doing: string): string {
  const left = Math.floor(remaining() - RESERVE_MS);
  if (left < LEAST_MS)
    throw new Again(`${doing}: the function's time ends before it is begun; the next attempt does it.`);
  return `SET statement_timeout = ${Number.isFinite(left) ? left : 0}`;
}
