import { Aborted } from '../errors.ts';
import type { Frame } from './frame.ts';

type Job<T> = (signal: AbortSignal) => Promise<T>;

/**
 * Runs jobs, at most `limit` at once, and gives their results in order.
 * The first failure aborts the rest and is thrown when all have stopped.
 */
export async function runTogether<T>(frame: Frame, jobs: Job<T>[], limit = jobs.length): Promise<T[]> {
  const group = new AbortController();
  const signal = AbortSignal.any([frame.signal, group.signal]);
  const results: T[] = [];
  const waiting = jobs.entries();
  let failure: unknown;
  const worker = async () => {
    for (const [index, job] of waiting) {
      if (signal.aborted) return;
      try {
        results[index] = await job(signal);
      } catch (error) {
        if (!group.signal.aborted) failure = error;
        group.abort(new Aborted());
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, jobs.length) }, worker));
  if (group.signal.aborted) throw failure;
  frame.signal.throwIfAborted();
  return results;
}
