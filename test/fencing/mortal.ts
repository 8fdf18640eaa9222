/**
 * Processes that end, or sleep, at a chosen call to AWS. Every client of the SDK in this process sends through here;
 * whose call it is, the asynchronous context tells, so that several processes may live at once.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { S3Client } from '@aws-sdk/client-s3';

/** What befalls a process at its n-th call, or at each. */
export interface Fault {
  readonly call: number | 'every';
  /**
   * - `before`: the process dies, and the call never takes effect
   * - `after`: it takes effect, and the process dies before it hears of it
   * - `doubled`: it takes effect, its answer is lost, and the SDK sends it again
   * - `asleep`: the process stands still before it until it is woken: a zombie
   */
  readonly what: 'before' | 'after' | 'doubled' | 'asleep';
}

/** How the life of a process ended, or did not yet; `calls` are those that it made so far, by name. */
export type Life<T> = { readonly calls: readonly string[] } & (
  | { readonly end: 'done'; readonly value: T }
  | { readonly end: 'failed'; readonly error: Error }
  | { readonly end: 'dead' }
  /** `wake` lets it go on, and resolves when it has ended. */
  | { readonly end: 'asleep'; readonly wake: () => Promise<unknown> }
);

export interface Mortal {
  readonly fault: Fault | undefined;
  readonly calls: string[];
  /** From here on nothing that it asks for happens, or is answered. */
  isDead: boolean;
  /** What an end cuts, or a sleep that outlasts the server's patience. */
  readonly sessions: Set<{ readonly cut: (how: 'dead' | 'asleep') => void }>;
  readonly ends: (how: 'dead' | 'asleep') => void;
  readonly woken: Promise<void>;
}

interface Command {
  readonly middlewareStack: { add(middleware: (next: Next) => Next, options: object): void };
}
type Next = (asked: unknown) => Promise<unknown>;
type Send = (this: object, command: Command, ...rest: unknown[]) => Promise<unknown>;

export const processes = new AsyncLocalStorage<Mortal>();
const client = Object.getPrototypeOf(S3Client.prototype) as { send: Send };
const never = new Promise<never>(() => {});

/** Puts the SDK's clients under the faults of whichever process uses them; gives the way back. */
export function interceptCalls(): () => void {
  const send = client.send;
  client.send = function (command, ...rest) {
    const mortal = processes.getStore();
    const sent = () => send.call(this, command, ...rest);
    const double = () =>
      command.middlewareStack.add(twice, { step: 'finalizeRequest', priority: 'low', name: 'twice' });
    return mortal ? called(mortal, { name: command.constructor.name, sent, double }) : sent();
  };
  return () => {
    client.send = send;
  };
}

interface Call {
  readonly name: string;
  readonly sent: () => Promise<unknown>;
  /** Makes it one that is sent twice. Absent of a client that sends nothing again by itself. */
  readonly double?: () => void;
}

/** A call of a process, with what befalls it there. */
export async function called(mortal: Mortal, { name, sent, double }: Call): Promise<unknown> {
  if (mortal.isDead) return never;
  mortal.calls.push(name);
  const isBefallen = mortal.fault?.call === 'every' || mortal.fault?.call === mortal.calls.length;
  const what = isBefallen ? mortal.fault?.what : undefined;
  if (what === 'before') return die(mortal);
  if (what === 'doubled') double?.();
  if (what === 'asleep') {
    end(mortal, 'asleep');
    await mortal.woken;
  }
  const [answer] = await Promise.allSettled([sent()]);
  if (what === 'after' || mortal.isDead) return die(mortal);
  if (answer.status === 'rejected') throw answer.reason;
  return answer.value;
}

const die = (mortal: Mortal): Promise<never> => {
  mortal.isDead = true;
  end(mortal, 'dead');
  return never;
};

function end(mortal: Mortal, how: 'dead' | 'asleep'): void {
  for (const session of mortal.sessions) session.cut(how);
  mortal.ends(how);
}

/** Inside the SDK's own retries, so that both requests are one call: the same text, token and writer. */
const twice =
  (next: Next): Next =>
  async (asked) => {
    const lost = (await next(asked).catch(() => undefined)) as
      | { output?: { Body?: { destroy?: () => void } } }
      | undefined;
    lost?.output?.Body?.destroy?.();
    return next(asked);
  };

/** Lets a process live until it is done, fails, dies or falls asleep. */
export async function live<T>(work: () => Promise<T>, fault?: Fault): Promise<Life<T>> {
  const calls: string[] = [];
  const woken = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<'dead' | 'asleep'>();
  const mortal: Mortal = {
    ...{ fault, calls, isDead: false, sessions: new Set() },
    ends: ended.resolve,
    woken: woken.promise,
  };
  const settled = processes.run(mortal, work).then(
    (value) => ({ end: 'done', value, calls }) as const,
    (error: Error) => ({ end: 'failed', error, calls }) as const,
  );
  const first = await Promise.race([settled, ended.promise]);
  if (first === 'dead') return { end: 'dead', calls };
  if (first !== 'asleep') return first;
  const wake = () => {
    woken.resolve();
    return settled;
  };
  return { end: 'asleep', wake, calls };
}
