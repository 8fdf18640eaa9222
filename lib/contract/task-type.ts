/** Task types (Airflow: operators): the contract between the DAG that wires a task and the Lambda that does it. */
import * as z from 'zod';
import type { Primitive, Ref } from './ref.ts';

/** A secret that a task may use, named at synth: the task's rights are derived from it. */
export type Connection<T extends string = string> = { readonly connection: string; readonly type: T };

/**
 * A prefix of the data lake (`raw/<dataset>`) or a warehouse table (`<schema>.<table>`), named at synth.
 * A prefix names the table whose declaration its rows must meet.
 */
export type Dataset = { readonly dataset: string; readonly table?: string };

/** Objects of a bucket that is not Sluice's: those whose keys begin with the prefix. Named at synth. */
export type Location = { readonly bucket: string; readonly prefix: string };

/** Another pipeline of the app, named at synth. */
export type OtherPipeline = { readonly pipeline: string };

type Named = Connection | Dataset | Location | OtherPipeline;
type Access = 'use' | 'read' | 'write';
export type Grant = { readonly access: Access; readonly to: Named };

const accesses = z.registry<{ access: Access }>();
const named = <T extends Named>(key: string, access: Access) =>
  z.custom<T>((value) => typeof value === 'object' && value !== null && key in value).register(accesses, { access });

/** An input field that takes a connection of this type. */
export const connection = <const T extends string>(_type: T) => named<Connection<T>>('connection', 'use');

/** An input field that takes a dataset, which the task reads or writes. */
export const dataset = (access: 'read' | 'write') => named<Dataset>('dataset', access);

/** An input field that takes a prefix of a bucket, which the task reads. */
export const location = () => named<Location>('bucket', 'read');

/** An input field that takes another pipeline: one whose runs the task reads, or that it starts. */
export const otherPipeline = (access: 'read' | 'use') => named<OtherPipeline>('pipeline', access);

/** An input field that takes several datasets, by keys that mean something to the task. */
export const datasets = <K extends string>(access: 'read' | 'write', keys: z.ZodEnum<Readonly<Record<K, K>>>) =>
  z.partialRecord(keys, named<Dataset>('dataset', access)).register(accesses, { access });

/** What an author may write where a task takes a `T`: the value, a reference to one, or a mix of both. */
type Wire<T> = [Exclude<T, undefined>] extends [Named | { readonly [K in string]?: Named }] ? T : Ref<T> | Literal<T>;
type Literal<T> = T extends Primitive
  ? T
  : T extends readonly (infer U)[]
    ? readonly Wire<U>[]
    : { readonly [K in keyof T]: Wire<T[K]> };

/**
 * How a task comes to its end. A `task` when its Lambda returns. A `sensor` when its Lambda finds what it waits for;
 * until then each look throws `Sluice.NotReady`. A `callback` when somebody answers the token that its Lambda is given.
 * A `job` when the AWS service has carried it out to which Step Functions hands it, without a Lambda between them.
 */
export type Kind = 'task' | 'sensor' | 'callback' | 'job';

/** How Step Functions hands a job over. */
export interface Integration {
  /** The service integration that waits for the job's end: `glue:startJobRun.sync`. */
  readonly resource: string;
  /** Fields of the input that must be written out in the DAG, since the state machine's rights follow from them. */
  readonly literals: readonly string[];
  /** From the task's input to what the service is given. */
  readonly arguments: (input: Readonly<Record<string, unknown>>) => object;
}

/** What a task is to do, not yet placed in a DAG. */
export interface Call<O, K extends Kind = Kind> {
  readonly type: TaskType<z.ZodObject, z.ZodType<O>, K>;
  readonly input: object;
}

export interface TaskType<I extends z.ZodObject = z.ZodObject, O extends z.ZodType = z.ZodType, K extends Kind = Kind> {
  readonly name: string;
  readonly kind: K;
  readonly input: I;
  readonly output: O;
  /** Of a job. */
  readonly integration?: Integration;
}

/**
 * Declares the task type that `lambdas/tasks/<name>/handler.ts` implements. Calling it gives what a task is to do.
 *
 * @example
 * export const countRows = taskType('count-rows', {
 *   input: z.object({ connection: connection('redshift'), table: dataset('read') }),
 *   output: z.object({ rows: z.int() }),
 * });
 */
export function taskType<I extends z.ZodObject, O extends z.ZodType, K extends Kind = 'task'>(
  name: string,
  { kind = 'task' as K, ...schemas }: { readonly kind?: K; readonly input: I; readonly output: O },
) {
  const type: TaskType<I, O, K> = { name, kind, ...schemas };
  const call = (input: Literal<z.input<I>>) => ({ type, input: input as object }) as unknown as Call<z.output<O>, K>;
  return Object.assign(call, { type });
}

/**
 * Declares a task type that an AWS service carries out. Its input is named as the service names it; of what the service
 * tells at the job's end the task's output has the fields of `output`.
 *
 * @example
 * export const glueJob = jobType('glue-job', {
 *   resource: 'glue:startJobRun.sync',
 *   literals: ['JobName'],
 *   input: z.object({ JobName: z.string() }),
 *   output: z.object({ Id: z.string() }),
 * });
 */
export function jobType<I extends z.ZodObject, O extends z.ZodObject>(
  name: string,
  {
    resource,
    literals = [],
    arguments: from = (input) => input,
    ...schemas
  }: Partial<Integration> & Pick<Integration, 'resource'> & { readonly input: I; readonly output: O },
) {
  const call = taskType(name, { kind: 'job', ...schemas });
  const type: TaskType<I, O, 'job'> = { ...call.type, integration: { resource, literals, arguments: from } };
  return Object.assign((input: Parameters<typeof call>[0]) => ({ ...call(input), type }), { type });
}

/** What a call may touch: each connection and dataset in its input, with the access that its type declares. */
export function grantsOf({ type, input }: Call<unknown>): Grant[] {
  return Object.entries(type.input.shape).flatMap(([field, schema]) => {
    const access = accesses.get(schema instanceof z.ZodOptional ? schema.unwrap() : schema)?.access;
    const given = (input as Record<string, Named | Readonly<Record<string, Named>> | undefined>)[field];
    if (!access || !given) return [];
    const all = isNamed(given) ? [given] : Object.values(given);
    return all.map((to) => ({ access, to }));
  });
}

const NAMES = ['connection', 'dataset', 'bucket', 'pipeline'];
const isNamed = (given: object): given is Named => NAMES.some((name) => name in given);
