/**
 * A graph's values as JSONata 2.0.6. Every expression is total: what a reference does not find is absent from an
 * object and null in a list, never an error.
 */

/** The expression that gives a root's value: `$run`, `$o_extract`, `$states.input.item`. */
export type Read = (root: string) => string;

/** A string as a JSONata literal. No `%` is left in it, so that none can end the `{% … %}` around it. */
export const literal = (value: string): string => JSON.stringify(value).replaceAll('%', '\\u0025');

/** An expression as the Amazon States Language takes it. */
export const embed = (expression: string): string => `{% ${expression} %}`;

/** A value for a field of the state machine: plain JSON as far as it holds no reference, otherwise one expression. */
export function template(value: unknown, read: Read): unknown {
  if (isText(value) || isCondition(value) || hasReference(value)) return embed(expressionOf(value, read));
  if (typeof value === 'string') return value.startsWith('{%') ? embed(literal(value)) : value;
  if (!isObject(value)) return value;
  if (Array.isArray(value)) return value.map((item) => template(item, read));
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, template(field, read)]));
}

/** A value as an expression. */
export function expressionOf(value: unknown, read: Read): string {
  if (typeof value === 'string') return literal(value);
  if (!isObject(value)) return JSON.stringify(value);
  if (isReference(value)) return path(read(value.$ref[0]), value.$ref.slice(1));
  if (isCondition(value)) return OPERATORS[value.$op](value.args, read);
  if (isText(value)) return textOf(value.$text.map((part) => expressionOf(part, read)));
  if (Array.isArray(value)) return `[${value.map((item) => itemOf(item, read)).join(', ')}]`;
  const fields = Object.entries(value).map(([key, field]) => `${literal(key)}: ${expressionOf(field, read)}`);
  return `{${fields.join(', ')}}`;
}

/** A part alone would keep its type, and be absent where it is missing. */
const textOf = (parts: readonly string[]): string => (parts.length > 1 ? parts : ['""', ...parts]).join(' & ');

/** JSONata drops an absent item of a list and spreads an item that is a list itself, unless told not to. */
function itemOf(value: unknown, read: Read): string {
  const item = expressionOf(value, read);
  if (!isReference(value)) return item;
  return `($exists(${item}) ? ($type(${item}) = "array" ? [[${item}]] : ${item}) : null)`;
}

type Operator = (args: readonly unknown[], read: Read) => string;

/** A condition that reads what is missing, or of another type, does not hold. */
const OPERATORS: Readonly<Record<'eq' | 'gt' | 'and' | 'or' | 'not', Operator>> = {
  eq: ([one, other], read) => `(${expressionOf(one, read)} = ${expressionOf(other, read)})`,
  gt: (args, read) => {
    const [one = '', other = ''] = args.map((arg) => expressionOf(arg, read));
    return `($type(${one}) = "number" and $type(${other}) = "number" ? ${one} > ${other} : false)`;
  },
  and: (args, read) => `(${args.map((arg) => holds(arg, read)).join(' and ') || 'true'})`,
  or: (args, read) => `(${args.map((arg) => holds(arg, read)).join(' or ') || 'false'})`,
  not: ([arg], read) => `$not(${holds(arg, read)})`,
};

/** A condition's own value is a boolean always; a reference's may be anything. */
const holds = (value: unknown, read: Read): string =>
  isCondition(value) ? expressionOf(value, read) : `(${expressionOf(value, read)} = true)`;

/** Words that mean something else than a field's name after a dot. */
const KEYWORDS = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function']);

/** What lies at a path of fields. */
export const path = (root: string, keys: readonly string[]): string =>
  keys.reduce(
    (from, key) =>
      /^[a-zA-Z_]\w*$/.test(key) && !KEYWORDS.has(key) ? `${from}.${key}` : `$lookup(${from}, ${literal(key)})`,
    root,
  );

type Reference = { readonly $ref: readonly [string, ...string[]] };
type Condition = { readonly $op: keyof typeof OPERATORS; readonly args: readonly unknown[] };
type Text = { readonly $text: readonly unknown[] };
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isReference = (value: unknown): value is Reference => isObject(value) && '$ref' in value;
const isCondition = (value: unknown): value is Condition => isObject(value) && '$op' in value;
const isText = (value: unknown): value is Text => isObject(value) && '$text' in value;

const hasReference = (value: unknown): boolean => referencesOf(value).length > 0;

/** What a value reads, however deep: the root, and the fields from there. */
export function pathsOf(value: unknown): Reference['$ref'][] {
  if (!isObject(value)) return [];
  return isReference(value) ? [value.$ref] : Object.values(value).flatMap(pathsOf);
}

/** The roots that a value reads from, however deep. */
export const referencesOf = (value: unknown): string[] => pathsOf(value).map(([root]) => root);
