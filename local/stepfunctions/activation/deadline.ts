import type { Clock } from '../clock.ts';
import { OVER, TaskFailure } from '../errors.ts';

interface Limits {
  clock: Clock;
  /** Aborts the work from outside. */
  signal: AbortSignal;
  timeoutSeconds: number | undefined;
  heartbeatSeconds: number | undefined;
}

/** Work that can be abandoned, and that can say it is alive. */
type Work<T> = (signal: AbortSignal, heartbeat: () => void) => Promise<T>;

/**
 * The result of `work` if it comes in time; its signal aborts as soon as nobody waits for it.
 * @throws {TaskFailure} States.Timeout, which handlers also know as States.HeartbeatTimeout where no heartbeat came.
 */
export async function withinLimits<T>(limits: Limits, work: Work<T>): Promise<T> {
  const { clock, timeoutSeconds, heartbeatSeconds } = limits;
  limits.signal.throwIfAborted();
  const over = new AbortController();
  const { signal } = over;
  const heart = { lastBeat: clock.now().getTime() };
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => {
    over.abort(limits.signal.reason);
    reject(limits.signal.reason);
  };
  limits.signal.addEventListener('abort', abort, { once: true });
  const contenders: Promise<T>[] = [
    work(signal, () => {
      heart.lastBeat = clock.now().getTime();
    }),
    aborted,
  ];
  if (timeoutSeconds) contenders.push(timeout(clock, timeoutSeconds * 1000, signal));
  if (heartbeatSeconds) contenders.push(silence(clock, { heart, ms: heartbeatSeconds * 1000 }, signal));
  try {
    return await Promise.race(contenders);
  } finally {
    limits.signal.removeEventListener('abort', abort);
    over.abort(OVER);
  }
}

async function timeout(clock: Clock, ms: number, signal: AbortSignal): Promise<never> {
  await clock.sleep(ms, signal);
  throw new TaskFailure('States.Timeout', undefined);
}

async function silence(
  clock: Clock,
  { heart, ms }: { heart: { lastBeat: number }; ms: number },
  signal: AbortSignal,
): Promise<never> {
  for (;;) {
    const left = heart.lastBeat + ms - clock.now().getTime();
    if (left <= 0) throw new TaskFailure('States.Timeout', undefined, { alias: 'States.HeartbeatTimeout' });
    await clock.sleep(left, signal);
  }
}
