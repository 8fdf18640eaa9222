/** Task types (Airflow: operators): the contract between the DAG that wires a task and the Lambda that does it. */
import type * as z from 'zod';
import type { Facts } from './facts.ts';
import type { Named } from './fields.ts';
import type { Primitive, Ref, WrittenFields } from './ref.ts';
import type { Right } from './rights.ts';

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
  /** Fields of the input that must be written out in the DAG, since rights follow from them. */
  readonly literals?: readonly string[];
  /** What is wrong with an input that meets its schema, a sentence a problem, held against what there is beside it. */
  check?(input: WrittenFields<z.input<I>>, facts: Facts): readonly string[];
  /** What the task may do in AWS, besides what its connections and datasets need. */
  rights?(input: z.input<I>): readonly Right[];
  /** Of a sensor: the wait between two looks where its task says none, such as `10m`. */
  readonly pokeInterval?: string;
  /** Of a job. */
  readonly integration?: Integration;
}

interface Declaration<I extends z.ZodObject, O extends z.ZodType, L extends keyof z.input<I> & string> {
  readonly input: I;
  readonly output: O;
  /** Of a sensor: the wait between two looks where its task says none. Without it, a minute. */
  readonly pokeInterval?: string;
  /** Fields of the input that must be written out in the DAG, since `rights` follow from them. */
  readonly literals?: readonly L[];
  /**
   * What is wrong with an input that meets its schema: a sentence a problem, without the task's name. What only a run
   * knows stands in the input as `{ $ref }`, `{ $text }` or `{ $op }`: see `isLater`.
   */
  readonly check?: (input: WrittenFields<z.input<I>>, facts: Facts) => readonly string[];
  /** What the task may do in AWS, besides what its connections and datasets need. Of a job: what its state machine may. */
  readonly rights?: (input: Pick<z.input<I>, L>) => readonly Right[];
}

/**
 * Declares the task type that `lambdas/tasks/<name>/handler.ts` implements. Calling it gives what a task is to do.
 *
 * @example
 * export const countRows = taskType('count-rows', {
 *   input: z.object({ connection: warehouse(), table: dataset('read') }),
 *   output: z.object({ rows: z.int() }),
 *   check: ({ table }, { tables }) =>
 *     tables.some(({ name }) => name === table.dataset) ? [] : [`${table.dataset} is not declared in tables.ts`],
 * });
 */
export function taskType<
  I extends z.ZodObject,
  O extends z.ZodType,
  K extends Kind = 'task',
  L extends keyof z.input<I> & string = never,
>(name: string, { kind = 'task' as K, ...declared }: { readonly kind?: K } & Declaration<I, O, L>) {
  const type: TaskType<I, O, K> = { name, kind, ...declared };
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
 *   input: z.object({ JobName: z.string() }),
 *   output: z.object({ Id: z.string() }),
 *   literals: ['JobName'],
 *   rights: ({ JobName }) => [{ actions: ['glue:StartJobRun'], resources: [arnOf('glue', `job/${JobName}`)] }],
 * });
 */
export function jobType<I extends z.ZodObject, O extends z.ZodObject, L extends keyof z.input<I> & string = never>(
  name: string,
  {
    resource,
    arguments: from = (input) => input,
    ...declared
  }: Partial<Integration> & Pick<Integration, 'resource'> & Declaration<I, O, L>,
) {
  const call = taskType<I, O, 'job', L>(name, { kind: 'job', ...declared });
  const type: TaskType<I, O, 'job'> = { ...call.type, integration: { resource, arguments: from } };
  return Object.assign((input: Parameters<typeof call>[0]) => ({ ...call(input), type }), { type });
}
