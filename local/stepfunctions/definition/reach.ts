import { type StateSet, targetsOf } from './machine.ts';

/** The names of the states that control can come to from `start`, itself included. */
export function reachableFrom(set: StateSet, start: string): Set<string> {
  const reachable = new Set([start]);
  // A set grows while it is walked: each state adds its targets until no new one comes.
  for (const name of reachable) {
    const state = set.States[name];
    for (const target of state ? targetsOf(state) : []) reachable.add(target);
  }
  return reachable;
}
