/** References: typed placeholders for values that exist only while a run runs. */
import type { Primitive, Ref } from '#lib/contract/ref.ts';

/** What a reference reads from: a task's output, the run, its params, the item of a mapped task. */
export interface Root {
  readonly id: string;
}

type Operator = 'eq' | 'gt' | 'and' | 'or' | 'not';
type Expression =
  | { readonly root: Root; readonly path: readonly string[] }
  | { readonly text: readonly unknown[] }
  | { readonly op: Operator; readonly args: readonly unknown[] };

const expression = Symbol('expression');

function ref<T>(of: Expression): Ref<T> {
  const get = (_: object, key: string | symbol): unknown => {
    if (key === expression) return of;
    if (key === Symbol.toPrimitive) throw new TypeError(`${describe(of)} has no value before the run: use text\`…\``);
    return typeof key === 'string' && 'root' in of ? ref({ ...of, path: [...of.path, key] }) : undefined;
  };
  return new Proxy({}, { get }) as Ref<T>;
}

export const refTo = <T>(root: Root): Ref<T> => ref({ root, path: [] });

/**
 * A string with references in it. What a reference does not find is left out.
 *
 * @example text`open issues of ${dag.params.org} on ${dag.run.logicalDate}`
 */
export function text(strings: TemplateStringsArray, ...values: (Ref<Primitive> | Primitive)[]): Ref<string> {
  const parts = strings.flatMap((part, index) => (index < values.length ? [part, values[index]] : [part]));
  return ref({ text: parts.filter((part) => part !== '') });
}

// Conditions. They are references too, so that a condition can also be an input.

/** Whether both are the same. A value that is missing equals nothing. */
export const eq = <T extends Primitive>(left: Ref<T>, right: Ref<NoInfer<T>> | NoInfer<T>): Ref<boolean> =>
  ref({ op: 'eq', args: [left, right] });
/** Whether both are numbers, and the left one is greater. */
export const gt = (left: Ref<number>, right: Ref<number> | number): Ref<boolean> =>
  ref({ op: 'gt', args: [left, right] });
/** Whether all hold. */
export const and = (...conditions: Ref<boolean>[]): Ref<boolean> => ref({ op: 'and', args: conditions });
/** Whether one holds. */
export const or = (...conditions: Ref<boolean>[]): Ref<boolean> => ref({ op: 'or', args: conditions });
/** Whether it does not hold: also where its value is missing. */
export const not = (condition: Ref<boolean>): Ref<boolean> => ref({ op: 'not', args: [condition] });

function expressionOf(value: unknown): Expression | undefined {
  return typeof value === 'object' && value !== null ? (value as { [expression]?: Expression })[expression] : undefined;
}

/** Every root that a value reads from, however deep. */
export function rootsOf(value: unknown): readonly Root[] {
  const of = expressionOf(value);
  if (of) return 'root' in of ? [of.root] : partsOf(of).flatMap(rootsOf);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(rootsOf) : [];
}

/** A root with the path of fields that is read of it. */
export interface Reading {
  readonly root: Root;
  readonly path: readonly string[];
}

/** Everything that a value reads, however deep. */
export function readingsOf(value: unknown): readonly Reading[] {
  const of = expressionOf(value);
  if (of) return 'root' in of ? [of] : partsOf(of).flatMap(readingsOf);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(readingsOf) : [];
}

/** Whether a value as a whole is known only while a run runs. */
export const isReference = (value: unknown): boolean => expressionOf(value) !== undefined;

/** What a text or a condition gives; of a plain reference nothing is said. */
export function kindOf(value: unknown): ReadonlySet<string> | undefined {
  const of = expressionOf(value);
  if (!of || 'root' in of) return undefined;
  return new Set(['text' in of ? 'string' : 'boolean']);
}

const partsOf = (of: Exclude<Expression, { root: Root }>) => ('text' in of ? of.text : of.args);

/** Whether nothing in a value, however deep, is known only while a run runs. */
export const isLiteral = (value: unknown): boolean =>
  !expressionOf(value) && (typeof value !== 'object' || value === null || Object.values(value).every(isLiteral));

/**
 * The value as plain JSON: a reference becomes `{ $ref: [root, …path] }`, a text `{ $text: [part, …] }`, a condition
 * `{ $op: 'eq', args: […] }`.
 * @param instead what stands there in place of objects of the value
 */
export function plain(value: unknown, instead: ReadonlyMap<unknown, object> = new Map()): unknown {
  const of = expressionOf(value);
  if (of && 'root' in of) return { $ref: [of.root.id, ...of.path] };
  if (of)
    return 'text' in of
      ? { $text: of.text.map((part) => plain(part)) }
      : { $op: of.op, args: of.args.map((arg) => plain(arg)) };
  if (Array.isArray(value)) return value.map((item) => plain(item, instead));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(instead.get(value) ?? value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([key, field]) => [key, plain(field, instead)]));
}

/** Names of fields that only `plain` and the runtime may write: a literal that has one would be taken for theirs. */
const OWN = ['$ref', '$text', '$op', '$mapped'];

/** Those of a literal's fields, however deep, whose name has a meaning of its own in a compiled input. */
export function reservedKeys(value: unknown): readonly string[] {
  if (expressionOf(value) || typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => [...(OWN.includes(key) ? [key] : []), ...reservedKeys(field)]);
}

const describe = (of: Expression): string =>
  'root' in of ? [of.root.id, ...of.path].join('.') : 'text' in of ? 'text`…`' : `${of.op}(…)`;
