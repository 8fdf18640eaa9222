/** What the stacks tell a function: parsed here, once, and read nowhere else. */
import * as z from 'zod';
import { Terminal } from '#lib/contract/errors.ts';
import { problems } from '#lib/contract/problems.ts';

/** A variable that holds JSON. */
const json = <S extends z.ZodType>(schema: S) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue(`no JSON: ${text.slice(0, 80)}`);
        return z.NEVER;
      }
    })
    .pipe(schema);

/** Of every function of a pipeline. */
export const taskEnvironment = z.object({
  /** The data lake, ledger included. */
  SLUICE_BUCKET: z.string().min(1),
  /** The warehouse, for the task types that use it. */
  SLUICE_WORKGROUP: z.string().optional(),
  SLUICE_DATABASE: z.string().optional(),
  /** The role that COPY reads the lake with. */
  SLUICE_COPY_ROLE: z.string().optional(),
  /** The topic of alerts, for the task types that send mails. */
  SLUICE_TOPIC: z.string().optional(),
  /** The ARN or name of each connection's secret. */
  SLUICE_CONNECTIONS: json(z.record(z.string(), z.string())).default({}),
  /** The deployment's own PostgreSQL servers, by connection: the function's role is what logs in there. */
  SLUICE_AURORA: json(
    z.record(z.string(), z.object({ host: z.string(), dbname: z.string(), username: z.string() })),
  ).optional(),
  /** The platform stack of the deployment, where commands that people are told must name it. */
  SLUICE_STACK: z.string().optional(),
  /** Where the bundle lies, with pipeline.json and sql/ beside its code. */
  LAMBDA_TASK_ROOT: z.string().default('.'),
});
export type TaskEnvironment = z.output<typeof taskEnvironment>;

/**
 * The environment's variables that a schema names.
 * @throws Terminal naming the variable that is missing or wrong
 */
// biome-ignore lint/style/noProcessEnv: parsed once, here
export function readEnvironment<S extends z.ZodObject>(schema: S, variables: object = process.env): z.output<S> {
  const parsed = schema.safeParse(variables);
  if (parsed.success) return parsed.data;
  throw new Terminal(
    `Reading the function's environment: ${problems(parsed.error)}. The stack sets these variables; deploy it again.`,
    { cause: parsed.error },
  );
}

/** A variable that a schema leaves optional, where the work cannot do without it. */
export function required<K extends keyof TaskEnvironment>(environment: TaskEnvironment, name: K) {
  const value = environment[name];
  if (value !== undefined) return value as NonNullable<TaskEnvironment[K]>;
  throw new Terminal(`Reading the function's environment: ${name} is missing. The stack sets it; deploy it again.`);
}
