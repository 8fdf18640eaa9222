/** Random DAGs of up to 40 tasks, in series, in parallel and crossing, with the outcomes of several runs. */
import * as fc from 'fast-check';
import type { Graph, GraphTask, TriggerRule } from '#lib/dag/index.ts';
import { TRIGGER_RULES } from '#lib/dag/options.ts';
import { graphOf } from './machines.ts';
import type { Outcome } from './reference.ts';

export interface RandomGraph {
  readonly graph: Graph;
  /** Of each run, how its tasks end. */
  readonly runs: readonly ReadonlyMap<string, Outcome>[];
}

export const PARAMS = { list: ['x', 'y'], flag: true, off: false, text: 'true' };
export const NAMES = ['i', 'j', 'k'];

/** A task as numbers, so that it is quick to make and to make smaller. */
interface Spec {
  readonly kind: 'task' | 'sensor' | 'callback' | 'job' | 'empty' | 'map';
  readonly rule: TriggerRule;
  /** How far back, in tasks or levels, those lie that it waits for. */
  readonly back: readonly number[];
  readonly condition: number;
  readonly takes: number;
}

const spec: fc.Arbitrary<Spec> = fc.record({
  kind: fc.constantFrom<Spec['kind']>('task', 'sensor', 'callback', 'job', 'empty', 'map'),
  rule: fc.oneof(
    { weight: 2, arbitrary: fc.constant<TriggerRule>('all_success') },
    { weight: 3, arbitrary: fc.constantFrom(...TRIGGER_RULES) },
  ),
  back: fc.array(fc.nat(7), { maxLength: 4 }),
  condition: fc.nat(40),
  takes: fc.nat(5),
});

/** How the tasks wait for each other. */
type Shape = (specs: readonly Spec[], index: number) => number[];
const SHAPES: readonly Shape[] = [
  // Any of the last few.
  (specs, index) => (specs[index]?.back ?? []).map((back) => index - 1 - back),
  // A chain with jumps.
  (specs, index) => [index - 1, ...(specs[index]?.back ?? []).slice(0, 1).map((back) => index - 1 - back)],
  // Levels of three, of which all wait for all of the level before: series-parallel.
  (_, index) => [0, 1, 2].map((place) => 3 * (Math.floor(index / 3) - 1) + place),
  // A tree of forks that never meet.
  (_, index) => [Math.floor((index - 1) / 2)],
  // Chains side by side that meet every tenth task.
  (_, index) =>
    index % 10 === 0 ? [1, 2, 3].map((back) => index - back) : [index - (index % 10 < 4 ? index % 10 : 3)],
];

const outcomeOf = (number: number, id: string): Outcome => {
  const ends = (n: number): Outcome['ends'] => (n < 6 ? 'success' : n < 8 ? 'failed' : 'skipped');
  const branch = number % 7 < 3 ? 'left' : 'right';
  const output = { id, names: NAMES, none: [], branch, count: number % 5, flag: number % 3 === 0, text: 'true' };
  return {
    ends: ends(number % 10),
    output,
    items: [0, 1, 2].map((item) => ends(Math.floor(number / 10 ** (item + 1)) % 10)),
  };
};

const RUNS = 8;

export const randomGraph: fc.Arbitrary<RandomGraph> = fc
  .record({
    specs: fc.array(spec, { minLength: 1, maxLength: 40, size: 'max' }),
    shape: fc.constantFrom(...SHAPES),
    isPlain: fc.boolean(),
    seeds: fc.array(fc.nat(2 ** 30), { minLength: RUNS, maxLength: RUNS }),
  })
  .map(({ specs, shape, isPlain, seeds }) => {
    const tasks: GraphTask[] = [];
    for (const index of specs.keys()) tasks.push(taskOf({ specs, shape, isPlain }, index, tasks));
    const graph = graphOf(tasks);
    const runs = seeds.map((seed) => new Map(tasks.map(({ id }, index) => [id, outcomeOf(mixed(seed, index), id)])));
    return { graph, runs };
  });

/** A number from two, all of whose digits look random. */
const mixed = (seed: number, index: number): number =>
  (Math.imul(seed ^ (index * 0x9e3779b1), 0x85ebca6b) ^ (seed >>> 7)) >>> 0;

interface Wanted {
  readonly specs: readonly Spec[];
  readonly shape: Shape;
  /** Every rule is all_success, and there are no conditions. */
  readonly isPlain: boolean;
}

function taskOf({ specs, shape, isPlain }: Wanted, index: number, before: readonly GraphTask[]): GraphTask {
  const { kind, rule, condition, takes } = specs[index] as Spec;
  const waited = [...new Set(shape(specs, index))].map((at) => before[at]).filter((task) => task !== undefined);
  const taken = waited.filter(({ type, map }) => type !== null && map === null);
  const [list] = taken;
  const input = Object.fromEntries(waited.slice(0, takes === 0 ? 0 : takes - 3).map(({ id }) => [id, { $ref: [id] }]));
  const [task] = graphOf([
    {
      id: `t${index % 4 === 0 ? '-' : '_'}${index}`,
      type: kind === 'empty' ? null : 'probe',
      upstream: waited.map(({ id }) => id),
      triggerRule: isPlain ? 'all_success' : rule,
      when: isPlain ? [] : conditionsOf(condition, taken),
      input,
      ...waitingOf(kind, input),
      map:
        kind === 'map'
          ? mapOf(list ? [list.id, takes === 5 ? 'none' : 'names'] : ['@params', 'list'], condition)
          : null,
    },
  ]).tasks;
  return task as GraphTask;
}

/** How a task that waits for something does. What a job is given is its input. */
function waitingOf(kind: Spec['kind'], input: object): Partial<GraphTask> {
  const output = ['id', 'names', 'none', 'branch', 'count', 'flag', 'text'];
  if (kind === 'sensor') return { sensor: { pokeSeconds: 60, timeoutSeconds: 600, softFail: false } };
  if (kind === 'callback') return { callback: { timeoutSeconds: 600, heartbeatSeconds: null } };
  if (kind !== 'job') return {};
  return { job: { resource: 'glue:startJobRun.sync', arguments: input, output, timeoutSeconds: 600 } };
}

/** Every other one is so long that it is a distributed Map, and two of three tolerate items that fail. */
const mapOf = ($ref: string[], number: number): GraphTask['map'] => ({
  over: { $ref },
  maxItems: number % 2 === 0 ? 5 : 5000,
  maxConcurrency: 2,
  toleratedFailureCount: number % 3,
});

/** None for most tasks. */
function conditionsOf(number: number, [one, other]: readonly GraphTask[]): unknown[] {
  const ref = (...path: string[]) => ({ $ref: path });
  const of = (task: GraphTask | undefined, field: string) => (task ? ref(task.id, field) : ref('@params', field));
  const left = { $op: 'eq', args: [of(one, 'branch'), 'left'] };
  const many = { $op: 'gt', args: [of(other, 'count'), 2] };
  const found: Record<number, unknown[]> = {
    1: [left],
    2: [{ $op: 'not', args: [left] }],
    3: [many],
    4: [{ $op: 'and', args: [left, many] }],
    5: [{ $op: 'or', args: [left, { $op: 'not', args: [many] }] }],
    6: [of(one, 'flag')],
    7: [left, many],
    8: [ref('@params', 'flag')],
    9: [{ $op: 'not', args: [ref('@params', 'off')] }],
    // Of a wrong type, and missing.
    10: [of(one, 'text')],
    11: [{ $op: 'not', args: [of(one, 'gone')] }],
    12: [{ $op: 'gt', args: [of(one, 'text'), 1] }],
  };
  return found[number] ?? [];
}
