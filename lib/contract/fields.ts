/** Fields of a task type's input that mean something beside their value: what a task may touch, and files that it carries. */
import * as z from 'zod';

/** A secret that a task may use, named at synth: the task's rights are derived from it. */
export type Connection<T extends string = string> = { readonly connection: string; readonly type: T };

/** A dataset of the data lake, by its name, with the table whose declaration its rows must meet. Named at synth. */
export type LakeDataset = { readonly kind: 'lake'; readonly dataset: string; readonly table: string };

/** A warehouse table, `<schema>.<table>`. Named at synth. */
export type TableDataset = { readonly kind: 'table'; readonly dataset: string };

/** What a pipeline publishes for people, a prefix of the data lake. */
export type PublishedDataset = { readonly kind: 'published'; readonly dataset: 'published' };

export type Dataset = LakeDataset | TableDataset | PublishedDataset;

/** The table whose declaration a dataset's rows meet. */
export const tableOf = (of: Dataset): string => (of.kind === 'lake' ? of.table : of.dataset);

/** Objects of a bucket that is not Sluice's: those whose keys begin with the prefix. Named at synth. */
export type Location = { readonly bucket: string; readonly prefix: string };

/** Another pipeline of the app, named at synth, which tells a task that reads its runs when there are some. */
export type OtherPipeline = {
  readonly pipeline: string;
  readonly runs?: {
    readonly schedule: string | null;
    readonly timeZone: string;
    readonly startDate: string;
    readonly endDate?: string;
  };
};

export type Named = Connection | Dataset | Location | OtherPipeline;
type Access = 'use' | 'read' | 'write';
export type Grant = { readonly access: Access; readonly to: Named };

const kinds = z.registry<{ readonly access: Access } | { readonly isFile: true }>();
const named = <T extends Named>(key: string, access: Access) =>
  z.custom<T>((value) => typeof value === 'object' && value !== null && key in value).register(kinds, { access });

/** The name of a dataset of the lake is one folder in its keys. */
const isDataset = (value: unknown): boolean => datasetSchema.safeParse(value).success;
const datasetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lake'), dataset: z.string().regex(/^[^/]+$/), table: z.string() }),
  z.object({ kind: z.literal('table'), dataset: z.string() }),
  z.object({ kind: z.literal('published'), dataset: z.literal('published') }),
]);

/** An input field that takes a connection of this type, or of one of these. */
export const connection = <const T extends string>(..._types: readonly T[]) =>
  named<Connection<T>>('connection', 'use');

/** The types of connections that lead to a warehouse: each is an engine, with its folder in lambdas/warehouse/engines. */
export type WarehouseType = 'redshift' | 'postgres';

/** An input field that takes a connection to a warehouse, whatever its engine. */
export const warehouse = () => named<Connection<WarehouseType>>('connection', 'use');

/** An input field that takes a dataset, which the task reads or writes; `use` is of a table that its own SQL fills, without a right in the lake. */
export const dataset = (access: Access) =>
  z.custom<Dataset>(isDataset, 'expected raw(name, { table }) or table(name)').register(kinds, { access });

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
