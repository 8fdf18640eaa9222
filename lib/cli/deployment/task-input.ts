/** What a task is called with, by what other tasks gave: as its state in the compiled machine works it out. */
import jsonata from 'jsonata';
import { expressionOf, isKeyed, literal, referencesOf } from '#lib/asl/index.ts';
import type { Run } from '#lib/contract/envelope.ts';
import type { GraphTask } from '#lib/dag/index.ts';
import { UsageError } from '../errors.ts';

/** The tasks whose outputs a task takes. */
export const tasksRead = ({ input, map }: Pick<GraphTask, 'input' | 'map'>): string[] =>
  [...new Set(referencesOf([input, map?.over]))].filter((root) => !root.startsWith('@'));

export interface Known {
  readonly run: Run;
  /** By task. One that is skipped has none. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface TaskCall {
  readonly input: unknown;
  /** Of a mapped task's item. */
  readonly index?: number;
  readonly item?: unknown;
}

/**
 * @param index of a mapped task's item
 * @throws UsageError where the task has no such item
 */
export async function callOf(task: GraphTask, { run, outputs }: Known, index: number | undefined): Promise<TaskCall> {
  const { map, input } = task;
  const roots = { ...outputs, '@run': { ...run, date: run.logicalDate.slice(0, 10) }, '@params': run.params };
  if (!map) {
    if (index !== undefined) throw new UsageError(`'${task.id}' is not mapped: leave out --item.`);
    return { input: await evaluate(input, roots) };
  }
  const items = itemsOf(task, await evaluate(map.over, roots));
  const at = index ?? 0;
  const found = items[at];
  if (!found) throw new UsageError(`'${task.id}' has ${items.length} items there: there is no item ${at}.`);
  const own = { '@item': found.item, '@index': at, '@key': found.key };
  return {
    input: await evaluate(input, { ...roots, ...own }),
    index: at,
    item: isKeyed(task) ? found : found.item,
  };
}

/** Of a list, or of an object's fields. */
function itemsOf({ id }: GraphTask, over: unknown): { readonly key: string; readonly item: unknown }[] {
  if (typeof over === 'object' && over !== null) return Object.entries(over).map(([key, item]) => ({ key, item }));
  throw new UsageError(`What '${id}' runs over is ${over === undefined ? 'missing' : 'no list'} there.`);
}

async function evaluate(value: unknown, roots: object): Promise<unknown> {
  const expression = jsonata(expressionOf(value, (root) => `$lookup($roots, ${literal(root)})`));
  const found = await expression.evaluate(null, { roots });
  // JSONata marks its own lists.
  return found === undefined ? undefined : JSON.parse(JSON.stringify(found));
}
