/** Fields of a task type's input that mean something beside their value: what a task may touch, and files that it carries. */
import * as z from 'zod';

/** A secret that a task may use, named at synth: the task's rights are derived from it. */
export type Connection<T extends string = string> = { readonly connection: string; readonly type: T };

/**
 * A prefix of the data lake (`raw/<dataset>`, `published`) or a warehouse table (`<schema>.<table>`), named at synth.
 * A prefix names the table whose declaration its rows must meet.
 */
export type Dataset = { readonly dataset: string; readonly table?: string };

/** Objects of a bucket that is not Sluice's: those whose keys begin with the prefix. Named at synth. */
export type Location = { readonly bucket: string; readonly prefix: string };

/** Another pipeline of the app, named at synth. */
export type OtherPipeline = { readonly pipeline: string };

export type Named = Connection | Dataset | Location | OtherPipeline;
type Access = 'use' | 'read' | 'write';
export type Grant = { readonly access: Access; readonly to: Named };

const kinds = z.registry<{ readonly access: Access } | { readonly isFile: true }>();
const named = <T extends Named>(key: string, access: Access) =>
  z.custom<T>((value) => typeof value === 'object' && value !== null && key in value).register(kinds, { access });

/** An input field that takes a connection of this type. */
export const connection = <const T extends string>(_type: T) => named<Connection<T>>('connection', 'use');

/** An input field that takes a dataset, which the task reads or writes. */
export const dataset = (access: 'read' | 'write') => named<Dataset>('dataset', access);

/** An input field that takes several datasets, by keys that mean something to the task. */
export const datasets = <K extends string>(access: 'read' | 'write', keys: z.ZodEnum<Readonly<Record<K, K>>>) =>
  z.partialRecord(keys, dataset(access));

/** An input field that takes a prefix of a bucket, which the task reads. */
export const location = () => named<Location>('bucket', 'read');

/** An input field that takes another pipeline: one whose runs the task reads, or that it starts. */
export const otherPipeline = (access: 'read' | 'use') => named<OtherPipeline>('pipeline', access);

/**
 * An input field that takes a file of the project by its path from the project's root, such as
 * `sql/report/totals.sql`. The task's function carries the file, at the same path below `LAMBDA_TASK_ROOT`.
 *
 * @example projectFile('.sql')
 */
export const projectFile = <const E extends `.${string}`>(...extensions: readonly E[]) =>
  z
    .custom<`${string}${E}`>(
      (value) => typeof value === 'string' && extensions.some((extension) => value.endsWith(extension)),
      `expected the path of a file that ends in ${extensions.join(' or ')}`,
    )
    .register(kinds, { isFile: true });

interface Typed {
  readonly type: { readonly input: z.ZodObject };
  readonly input: object;
}

/** What a call may touch: each connection, dataset, location and pipeline in its input, with the declared access. */
export const grantsOf = ({ type, input }: Typed): Grant[] =>
  fieldsOf(type.input, input).flatMap(([kind, value]) =>
    'access' in kind && isNamed(value) ? [{ access: kind.access, to: value }] : [],
  );

/** What is written where a call takes a file of the project: its path, or by mistake a reference. */
export const filesOf = ({ type, input }: Typed): unknown[] =>
  fieldsOf(type.input, input).flatMap(([kind, value]) => ('isFile' in kind && value !== undefined ? [value] : []));

type Kind = NonNullable<ReturnType<typeof kinds.get>>;

/** The fields of such kinds, however deep, with what stands there. */
function fieldsOf(schema: z.core.$ZodType, value: unknown): [Kind, unknown][] {
  const kind = kinds.get(schema);
  if (kind) return [[kind, value]];
  const { def } = schema._zod as { readonly def: { readonly innerType?: z.core.$ZodType } };
  if (def.innerType) return fieldsOf(def.innerType, value);
  if (typeof value !== 'object' || value === null) return [];
  if (schema instanceof z.ZodArray) return Object.values(value).flatMap((item) => fieldsOf(schema.element, item));
  if (schema instanceof z.ZodRecord) return Object.values(value).flatMap((field) => fieldsOf(schema.valueType, field));
  if (!(schema instanceof z.ZodObject)) return [];
  const given = new Map(Object.entries(value));
  return Object.entries(schema.shape).flatMap(([name, field]) => fieldsOf(field, given.get(name)));
}

const NAMES = ['connection', 'dataset', 'bucket', 'pipeline'];
const isNamed = (value: unknown): value is Named =>
  typeof value === 'object' && value !== null && NAMES.some((name) => name in value);
