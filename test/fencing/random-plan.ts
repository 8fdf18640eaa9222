import type { Machine, Plan, Wakes } from './machine.ts';
import type { Fault } from './mortal.ts';
import { STEPS } from './world.ts';

/** Mulberry32: numbers from 0 up to 1, the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const KINDS: readonly Fault['what'][] = ['before', 'after', 'doubled', 'asleep'];
const WAKES: readonly Wakes[] = ['beside its retry', 'after its retry', 'after the run', 'after the next run'];

/** Up to two faults a step, at any of its calls; sometimes with the next date's run after it. */
export function combination(seed: number, calls: Machine['calls']): { day: Plan; next: Plan | undefined } {
  const random = randomOf(seed);
  const below = (count: number) => Math.floor(random() * count);
  const one = <T>(of: readonly T[]) => of[below(of.length)] as T;
  const plan = (): Plan => {
    const faults = STEPS.map((step) => {
      const fault = () => ({ call: 1 + below(calls[step]?.length ?? 1), what: one(KINDS) });
      return [step, Array.from({ length: one([0, 0, 1, 1, 2]) }, fault)];
    });
    return { faults: Object.fromEntries(faults), wakes: one(WAKES), ends: one([1, 1, 2]), hurried: below(3) };
  };
  return { day: plan(), next: random() < 0.15 ? plan() : undefined };
}
