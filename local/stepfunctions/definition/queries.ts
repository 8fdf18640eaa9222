import type { JsonObject } from '../json.ts';
import { expressionProblem } from '../jsonata/expression.ts';
import { expressionsOf } from '../jsonata/template.ts';
import { LIMITS } from '../limits.ts';
import { innerSets, isDistributed, resultsOf, type State, type StateSet } from './machine.ts';
import type { Report } from './problems.ts';
import { reachableFrom } from './reach.ts';

const VARIABLE = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u;
const INNER_SETS = new Set(['Branches', 'ItemProcessor']);

/** Every expression is one that Step Functions accepts. */
export function checkExpressions(set: StateSet, path: string, report: Report): void {
  for (const [name, state] of Object.entries(set.States)) {
    const at = `${path}/States/${name}`;
    for (const { source, location } of expressionsOf(ownFields(state), at)) {
      const problem = expressionProblem(source);
      if (problem) report('INVALID_JSONATA', `the expression '${source}' ${problem}`, location);
    }
    for (const inner of innerSets(state)) checkExpressions(inner.set, `${at}/${inner.path}`, report);
  }
}

const ownFields = (state: State): JsonObject =>
  Object.fromEntries(Object.entries(state).filter(([name]) => !INNER_SETS.has(name))) as JsonObject;

interface Scope {
  report: Report;
  /** Variables of the enclosing scopes that may have a value when this one is entered. */
  outer: ReadonlySet<string>;
}

/** Variable names are names, none is `states`, and no inner scope assigns a variable that an outer one has by then. */
export function checkVariables(set: StateSet, path: string, { report, outer }: Scope): void {
  for (const [name, state] of Object.entries(set.States)) {
    const at = `${path}/States/${name}`;
    for (const variable of assignedBy(state)) checkVariable(variable, at, { report, outer });
    const sets = innerSets(state);
    const visible = isDistributed(state)
      ? new Set<string>() // its child executions see no variable from outside
      : new Set([...outer, ...(sets.length > 0 ? assignedBefore(set, name) : [])]);
    for (const inner of sets) checkVariables(inner.set, `${at}/${inner.path}`, { report, outer: visible });
  }
}

function checkVariable(name: string, at: string, { report, outer }: Scope): void {
  if (!VARIABLE.test(name) || name.length > LIMITS.nameLength) {
    report('INVALID_VARIABLE_NAME', `'${name}' is not a variable name`, at);
  }
  if (name === 'states') report('INVALID_VARIABLE_NAME', "'states' is reserved", at);
  if (outer.has(name)) report('INVALID_ASSIGN', `'${name}' is a variable of an outer scope`, at);
}

const assignedBefore = (set: StateSet, name: string): string[] =>
  Object.entries(set.States)
    .filter(([other]) => other !== name && reachableFrom(set, other).has(name))
    .flatMap(([, state]) => assignedBy(state));

const assignedBy = (state: State): string[] => resultsOf(state).flatMap((results) => Object.keys(results.Assign ?? {}));
