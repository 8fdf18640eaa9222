/**
 * Statements of PostgreSQL as calls of a process: whoever dies or stands still at one leaves the server as a Lambda does
 * that is killed or frozen. The server ends the session of a dead client, and of one that stands still in a transaction.
 */
import pg from 'pg';
import { called, processes } from './mortal.ts';

type Query = (this: pg.Client, asked: Asked, ...rest: unknown[]) => unknown;
type Asked = string | { readonly text?: string; readonly submit?: unknown };

/** Puts the statements of every client under the faults of its process; gives what ends all sessions, and the way back. */
export function interceptStatements() {
  const query = pg.Client.prototype.query as Query;
  const sessions = new Map<pg.Client, Session>();
  const intercepted: Query = function (asked, ...rest) {
    const mortal = processes.getStore();
    const sent = () => query.call(this, asked, ...rest);
    // A COPY is a stream: what it reads from the lake is a call, and the statements beside it.
    if (!mortal || (typeof asked === 'object' && asked.submit)) return sent();
    const text = typeof asked === 'string' ? asked : (asked.text ?? '');
    const session = sessions.get(this) ?? new Session(this);
    sessions.set(this, session);
    mortal.sessions.add(session);
    return called(mortal, {
      name: /^\w+/.exec(text.trim())?.[0] ?? '',
      sent: () => {
        session.hear(text);
        return sent() as Promise<unknown>;
      },
    });
  };
  Object.assign(pg.Client.prototype, { query: intercepted });
  return {
    endSessions: () => {
      for (const session of sessions.values()) session.cut('dead');
      sessions.clear();
    },
    giveBack: () => Object.assign(pg.Client.prototype, { query }),
  };
}

class Session {
  readonly #client: pg.Client;
  #isInTransaction = false;

  constructor(client: pg.Client) {
    this.#client = client;
  }

  hear(text: string): void {
    if (/^BEGIN/.test(text)) this.#isInTransaction = true;
    if (/^(?:COMMIT|ROLLBACK$)/.test(text)) this.#isInTransaction = false;
  }

  cut(how: 'dead' | 'asleep'): void {
    if (how === 'asleep' && !this.#isInTransaction) return;
    const { connection } = this.#client as unknown as { connection: { stream: { destroy(): void } } };
    connection.stream.destroy();
  }
}
