/** Outputs under which a pipeline takes the branches, and has the lists, that a simulation is to show. */
import type { Graph, GraphTask } from '#lib/dag/index.ts';
import { UsageError } from '../errors.ts';

/** By the task's id. */
type Outputs = Record<string, unknown>;

/** Two, so that there is one item beside the one that fails. */
const ITEMS = ['first', 'second'];

/**
 * The outputs of all tasks. A task whose output a mapped task runs over gives a list of two; a condition that nothing
 * is said of finds no value, and so does not hold.
 *
 * @param branches by task, what it chooses: a task behind a condition that reads its output, or the value of a case
 * @throws UsageError where a task has no such branch
 */
export function outputsOf(graph: Graph, branches: Readonly<Record<string, string>>): Outputs {
  const outputs: Outputs = Object.fromEntries(graph.tasks.map(({ id }) => [id, {}]));
  for (const { map } of graph.tasks) if (isReference(map?.over)) write(outputs, [map.over.$ref, ITEMS]);
  for (const [task, branch] of Object.entries(branches)) choose(graph, { task, branch }, outputs);
  return outputs;
}

interface Choice {
  readonly task: string;
  readonly branch: string;
}

function choose(graph: Graph, { task, branch }: Choice, outputs: Outputs): void {
  const conditions = graph.tasks.flatMap(({ when }) => when.filter((condition) => reads(condition, task)));
  const behind = graph.tasks.find(({ id }) => id === branch)?.when.filter((condition) => reads(condition, task)) ?? [];
  const cases = conditions.filter((condition) => isOperation(condition) && condition.args.includes(branch));
  const chosen = behind.length > 0 ? behind : cases.slice(0, 1);
  if (chosen.length === 0) throw new UsageError(noBranch(graph.tasks, { task, branch }));
  for (const condition of chosen) for (const one of needed(condition, true)) write(outputs, one);
}

function noBranch(tasks: readonly GraphTask[], { task, branch }: Choice): string {
  const gated = tasks.filter(({ when }) => when.some((condition) => reads(condition, task)));
  const known = gated.map(({ id }) => id).join(', ') || 'none';
  return `--branch ${task}=${branch}: ${task} has no such branch. Tasks behind a condition that reads its output: ${known}.`;
}

/** A place in an output, and what must stand there. */
type Needed = readonly [Path, unknown];

/** What a condition must find, so that it holds or does not. Where it finds nothing, a comparison does not hold. */
function needed(condition: unknown, holds: boolean): Needed[] {
  if (isReference(condition)) return [[condition.$ref, holds]];
  if (!isOperation(condition)) return [];
  const { $op, args } = condition;
  if ($op === 'not') return args.flatMap((arg) => needed(arg, !holds));
  if ($op === 'and' || $op === 'or') return args.flatMap((arg) => needed(arg, holds));
  return holds ? compared(condition) : [];
}

function compared({ $op, args: [left, right] }: Operation): Needed[] {
  if (isReference(left)) return [[left.$ref, $op === 'gt' ? Number(right) + 1 : right]];
  if (isReference(right)) return [[right.$ref, $op === 'gt' ? Number(left) - 1 : left]];
  return [];
}

function write(outputs: Outputs, [[task, ...path], value]: Needed): void {
  if (task in outputs) outputs[task] = written(outputs[task], path, value);
}

function written(output: unknown, [field, ...path]: readonly string[], value: unknown): unknown {
  if (field === undefined) return value;
  const fields = isObject(output) ? (output as Outputs) : {};
  return { ...fields, [field]: written(fields[field], path, value) };
}

type Path = readonly [string, ...string[]];
type Reference = { readonly $ref: Path };
type Operation = { readonly $op: 'eq' | 'gt' | 'and' | 'or' | 'not'; readonly args: readonly unknown[] };
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isReference = (value: unknown): value is Reference => isObject(value) && '$ref' in value;
const isOperation = (value: unknown): value is Operation => isObject(value) && '$op' in value;

const reads = (value: unknown, task: string): boolean =>
  isReference(value) ? value.$ref[0] === task : isOperation(value) && value.args.some((arg) => reads(arg, task));
