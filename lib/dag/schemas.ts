/** What a schema says of the values at a path, and of what kinds they are. */
import * as z from 'zod';

type Schema = z.core.$ZodType;

/** Nothing is known of what is there. */
export const ANYTHING: Schema = z.unknown();

interface Definition {
  readonly type: string;
  readonly innerType?: Schema;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly catchall?: Schema;
  readonly element?: Schema;
  readonly valueType?: Schema;
  readonly options?: readonly Schema[];
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly values?: readonly unknown[];
}
const definition = (schema: Schema): Definition => schema._zod.def as unknown as Definition;

/** The schema behind `optional`, `nullable`, `default` and their like. */
export function innermost(schema: Schema): Schema {
  const { innerType } = definition(schema);
  return innerType ? innermost(innerType) : schema;
}

/** The fields that an object of the schema may have; undefined where they are not listed, or it is no object. */
export function fieldsOf(schema: Schema): Readonly<Record<string, Schema>> | undefined {
  const { shape, catchall } = definition(innermost(schema));
  return catchall && definition(catchall).type !== 'never' ? undefined : shape;
}

/** What holds for a field of the schema's values; undefined where they never have it. */
export function at(schema: Schema, field: string): Schema | undefined {
  const { type, shape, element, valueType, options } = definition(innermost(schema));
  if (options) return eitherAt(options, field);
  if (shape) return Object.hasOwn(shape, field) ? shape[field] : fieldsOf(schema) ? undefined : ANYTHING;
  if (element) return /^\d+$/.test(field) ? element : undefined;
  if (valueType) return valueType;
  return SCALARS.has(type) ? undefined : ANYTHING;
}

function eitherAt(options: readonly Schema[], field: string): Schema | undefined {
  const found = options.flatMap((option) => at(option, field) ?? []);
  const [first] = found;
  return found.length > 1 ? z.union(found as [Schema, ...Schema[]]) : first;
}

const SCALARS = new Set([
  'string',
  'number',
  'int',
  'bigint',
  'boolean',
  'null',
  'enum',
  'literal',
  'template_literal',
]);

/** The kinds of values that a schema has, null and absence aside; undefined where that is not known. */
export function kindsOf(schema: Schema): ReadonlySet<string> | undefined {
  const { type, options, entries, values } = definition(innermost(schema));
  if (options) return union(options.map(kindsOf));
  if (entries) return new Set(Object.values(entries).map((value) => typeof value));
  if (values) return new Set(values.map((value) => typeof value));
  const kind = KINDS[type];
  return kind === undefined ? undefined : new Set([kind]);
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'string',
  template_literal: 'string',
  number: 'number',
  int: 'number',
  boolean: 'boolean',
  array: 'list',
  object: 'object',
  record: 'object',
};

function union(all: readonly (ReadonlySet<string> | undefined)[]): ReadonlySet<string> | undefined {
  const known = all.flatMap((one) => (one ? [...one] : []));
  return all.every((one) => one) ? new Set(known) : undefined;
}
