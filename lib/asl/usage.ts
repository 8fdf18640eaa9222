/** What an execution takes of Step Functions, read off its machine: along the longest way from start to end. */
import { ERROR } from '#lib/contract/error-names.ts';
import type { StateMachine } from './state.ts';

export interface Usage {
  /** What is billed: each state that is entered, and each retry. */
  readonly transitions: number;
  /** Entries of the execution's own history. */
  readonly events: number;
}

export interface Assumed {
  /** How many items a mapped task runs over, by the task's id. */
  readonly items: (task: string) => number;
  /** Every task fails as often as its retries allow, and is caught then. Otherwise none ever fails. */
  readonly failing: boolean;
}

/** What is read of a state. */
export interface Walked {
  readonly Type: string;
  readonly Resource?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts?: number }[];
  readonly Catch?: readonly { readonly Next: string }[];
  readonly Branches?: readonly Part[];
  readonly ItemProcessor?: Part & { readonly ProcessorConfig?: { readonly Mode: string } };
}
interface Part {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, Walked>>;
}

/** Of a try of a task: scheduled, started, ended; and submitted, where it waits for a job or an answer. */
const triedEvents = (resource = ''): number => (/\.(sync|waitForTaskToken)/.test(resource) ? 4 : 3);
/** Of what other states do besides being entered and exited. */
const OWN_EVENTS: Readonly<Record<string, number>> = { Parallel: 2, Map: 2, Fail: -1 };
const AROUND_EVENTS = 2;
const ITEM: Usage = { transitions: 0, events: 2 };
/** Of a distributed Map: its Map Run, started and ended. Its items leave nothing in this history. */
const MAP_RUN: Usage = { transitions: 0, events: 2 };
const EXECUTION: Usage = { transitions: 0, events: 2 };
const NOTHING: Usage = { transitions: 0, events: 0 };

/** Waits for a slot, resumed work and Lambda's own troubles have retries to spare that say nothing about a run. */
const SPARE = new RegExp(`^(Lambda\\..*|${ERROR.again}|${ERROR.busy})$`);
/** Step Functions' own, where Retry does not say. */
const DEFAULT_ATTEMPTS = 3;

/** The most that an execution under these assumptions takes. Spare retries are not counted. */
export const usageOf = (machine: StateMachine, assumed: Assumed): Usage =>
  plus(EXECUTION, ofPart(machine as unknown as Part, assumed));

/** What one more item of a mapped task takes. */
export function usagePerItem(machine: StateMachine, task: string): Usage {
  const taking = (count: number) => usageOf(machine, { failing: false, items: (id) => (id === task ? count : 0) });
  return plus(taking(1), times(-1, taking(0)));
}

function ofPart({ StartAt, States }: Part, assumed: Assumed): Usage {
  const known = new Map<string, Usage>();
  const from = (name: string): Usage => {
    const state = States[name];
    if (!state) throw new Error(`The state machine leads to '${name}', which is not there.`);
    const usage = known.get(name) ?? plus(ofState(name, state, assumed), most(nextsOf(state, assumed).map(from)));
    known.set(name, usage);
    return usage;
  };
  return from(StartAt);
}

function ofState(name: string, state: Walked, assumed: Assumed): Usage {
  const { Branches = [] } = state;
  return Branches.map((branch) => ofPart(branch, assumed)).reduce(plus, usageOfState(name, state, assumed));
}

/** What a state takes, its branches not counted. */
export function usageOfState(name: string, state: Walked, assumed: Assumed): Usage {
  const { Type, Resource, ItemProcessor, Retry = [] } = state;
  const tried = { transitions: 1, events: triedEvents(Resource) };
  const entered = {
    transitions: 1,
    events: AROUND_EVENTS + (Type === 'Task' ? tried.events : (OWN_EVENTS[Type] ?? 0)),
  };
  const inside: Usage[] = [];
  if (ItemProcessor) inside.push(ofItems(ItemProcessor, assumed.items(name), assumed));
  if (assumed.failing) inside.push(times(attemptsOf(Retry), tried));
  return inside.reduce(plus, entered);
}

/** The executions of a distributed Map's items are billed like any other. */
function ofItems(processor: NonNullable<Walked['ItemProcessor']>, items: number, assumed: Assumed): Usage {
  const item = ofPart(processor, assumed);
  if (processor.ProcessorConfig?.Mode !== 'DISTRIBUTED') return times(items, plus(ITEM, item));
  return { ...MAP_RUN, transitions: items * item.transitions };
}

const attemptsOf = (retry: NonNullable<Walked['Retry']>): number =>
  retry
    .filter(({ ErrorEquals }) => !ErrorEquals.some((error) => SPARE.test(error)))
    .reduce((sum, { MaxAttempts = DEFAULT_ATTEMPTS }) => sum + MaxAttempts, 0);

const nextsOf = ({ Next, Default, Choices = [], Catch = [] }: Walked, { failing }: Assumed): string[] =>
  [Next, Default, ...[...Choices, ...(failing ? Catch : [])].map((way) => way.Next)].filter(
    (name) => name !== undefined,
  );

/** Of each the most: the way with the most events need not be that with the most transitions. */
const most = (usages: readonly Usage[]): Usage =>
  usages.reduce(
    (one, other) => ({
      transitions: Math.max(one.transitions, other.transitions),
      events: Math.max(one.events, other.events),
    }),
    NOTHING,
  );
const plus = (one: Usage, other: Usage): Usage => ({
  transitions: one.transitions + other.transitions,
  events: one.events + other.events,
});
const times = (count: number, { transitions, events }: Usage): Usage => ({
  transitions: count * transitions,
  events: count * events,
});
