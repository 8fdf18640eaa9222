import { innerSets, type StateSet, targetsOf } from './machine.ts';
import type { Report } from './problems.ts';
import { reachableFrom } from './reach.ts';

interface Context {
  report: Report;
  /** The state names met so far, in the whole machine. */
  seen: Set<string>;
}

/** Every transition has a target, every state is reachable, no state name is used twice in the machine. */
export function checkTransitions(set: StateSet, path: string, context: Context): void {
  const { report, seen } = context;
  checkTargets(set, path, report);
  const reachable = reachableFrom(set, set.StartAt);
  for (const [name, state] of Object.entries(set.States)) {
    const at = `${path}/States/${name}`;
    if (seen.has(name)) report('DUPLICATE_STATE_NAME', `the state name '${name}' is used twice`, at);
    seen.add(name);
    if (!reachable.has(name)) report('MISSING_TRANSITION_TARGET', 'the state is not reachable', at);
    for (const inner of innerSets(state)) checkTransitions(inner.set, `${at}/${inner.path}`, context);
  }
}

function checkTargets(set: StateSet, path: string, report: Report): void {
  const check = (target: string, at: string): void => {
    if (!Object.hasOwn(set.States, target)) report('MISSING_TRANSITION_TARGET', `there is no state '${target}'`, at);
  };
  check(set.StartAt, `${path}/StartAt`);
  for (const [name, state] of Object.entries(set.States)) {
    for (const target of targetsOf(state)) check(target, `${path}/States/${name}`);
  }
}
