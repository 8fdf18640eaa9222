/** From sequences and forks to states. A failure leads to its branch's end, past all that would have waited for it. */
import type { GraphTask } from '#lib/dag/index.ts';
import { embed, literal } from './jsonata.ts';
import { canFail, type Element, type Fork, isFork, tasksOf } from './series-parallel.ts';
import { joinState, mapState, passState, type State, type States, taskState, type Ways } from './state.ts';
import type { Readable, Variables } from './variables.ts';

/** What all of a machine's states are made with. */
export interface Parts {
  readonly variables: Variables;
  readonly functionArn: (taskType: string) => string;
  /** Forks so far. */
  forks: number;
}

/** Where a sequence stands. */
export interface Scope {
  /** What follows its last state and its failures: the same state in a branch. */
  readonly ends: Ways;
  readonly readable: Readable;
}

/** A state that does not know yet where it leads. */
interface Step {
  readonly name: string;
  readonly state: (ways: Ways) => State;
  /** The Choice that must follow, since the state goes on even where some of it failed. */
  readonly join?: string;
}

export function statesOf(elements: readonly Element[], { ends, readable }: Scope, parts: Parts): States {
  const steps = stepsOf(elements, readable, parts);
  const join = steps.at(-1)?.join;
  if (join !== undefined && ends.next !== ends.failed) steps.push(joinStep(join));
  const states = steps.map(({ name, state }, index) => [
    name,
    state({ next: steps[index + 1]?.name ?? ends.next, failed: ends.failed }),
  ]);
  return { StartAt: steps[0]?.name ?? ends.next, States: Object.fromEntries(states) };
}

function stepsOf(elements: readonly Element[], readable: Readable, parts: Parts): Step[] {
  const steps: Step[] = [];
  for (const element of elements) {
    const join = steps.at(-1)?.join;
    const empty = isEmpty(element) ? element : undefined;
    if (join !== undefined) steps.push(joinStep(empty?.id ?? join, empty));
    if (join === undefined || !empty) steps.push(stepOf(element, readable, parts));
  }
  return steps;
}

const isEmpty = (element: Element): element is GraphTask => !isFork(element) && element.type === null;
const joinStep = (name: string, empty?: GraphTask): Step => ({ name, state: (ways) => joinState(empty, ways) });

function stepOf(element: Element, readable: Readable, parts: Parts): Step {
  if (isFork(element)) return forkStep(element, readable, parts);
  if (element.type === null) return { name: element.id, state: (ways) => passState(element, ways) };
  const { variables, functionArn } = parts;
  const read = variables.reader(readable);
  const variable = variables.isTaken(element) ? variables.assign(element, readable) : undefined;
  const placed = { functionArn: functionArn(element.type), read, variable };
  const { id: name, map } = element;
  if (!map) return { name, state: (ways) => taskState(element, { ...placed, ...ways }) };
  return { name, state: (ways) => mapState({ ...element, map }, { ...placed, ...ways }), join: `Join of ${name}` };
}

function forkStep({ branches }: Fork, readable: Readable, parts: Parts): Step {
  const { variables } = parts;
  const number = ++parts.forks;
  const leaving = branches.map((branch) => variables.leaving(branch.flatMap(tasksOf)));
  const Branches = branches.map((branch, index) => {
    const end = `End of branch ${number}.${index + 1}`;
    const inside = new Map(readable);
    const { StartAt, States } = statesOf(branch, { ends: { next: end, failed: end }, readable: inside }, parts);
    return { StartAt, States: { ...States, [end]: endOfBranch(leaving[index] ?? [], inside) } };
  });
  const assigned = leaving.flatMap((tasks, index) =>
    tasks.map((task) => {
      const output = `$lookup($states.result[${index}].outputs, ${literal(task.id)})`;
      return [variables.assign(task, readable), embed(`$exists(${output}) ? ${output} : null`)];
    }),
  );
  const fork = {
    Type: 'Parallel',
    Arguments: {},
    Branches,
    ...(assigned.length > 0 && { Assign: Object.fromEntries(assigned) }),
    Output: embed('$merge($append($states.input, $states.result.statuses))'),
  };
  const state = ({ next }: Ways) => ({ ...fork, Next: next });
  return { name: `Fork ${number}`, state, ...(canFail({ branches }) && { join: `Join ${number}` }) };
}

/** A branch cannot assign what is read outside of it, so its outputs leave with the statuses. */
const endOfBranch = (leaving: readonly GraphTask[], inside: Readable): State => {
  const outputs = leaving.map(({ id }) => `${literal(id)}: $${inside.get(id)}`);
  return {
    Type: 'Succeed',
    Output: {
      statuses: embed('$states.input'),
      ...(outputs.length > 0 && { outputs: embed(`{${outputs.join(', ')}}`) }),
    },
  };
};
