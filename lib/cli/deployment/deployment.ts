/** A deployment as its stacks' outputs tell it. */
import { CloudFormationServiceException, paginateDescribeStacks, type Stack } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { type Store, s3Store } from '#lib/runs/store.ts';
import { didYouMean } from '../did-you-mean.ts';
import { UsageError } from '../errors.ts';
import type { Aws } from './aws.ts';

export const DEFAULT_STACK = 'Sluice';

const platform = z.object({
  Bucket: z.string(),
  Workgroup: z.string(),
  Database: z.string(),
  WarehouseSecret: z.string(),
});
const dag = z.object({
  dagId: z.string(),
  schedule: z.string().nullable(),
  timeZone: z.string(),
  /** Of a pipeline that was deployed before its stack said so, every date counts. */
  startDate: z.string().default('1970-01-01'),
  endDate: z.string().nullable().default(null),
  catchup: z.boolean().default(false),
});
const connections = z.record(z.string(), z.string());
const databases = z.array(z.string());
const pipeline = z.object({
  StateMachine: z.string(),
  Dag: z.string().transform((json) => dag.parse(JSON.parse(json))),
  Connections: z.string().transform((json) => connections.parse(JSON.parse(json))),
  Databases: z
    .string()
    .default('[]')
    .transform((json) => databases.parse(JSON.parse(json))),
});

export interface DeployedPipeline extends z.output<typeof dag> {
  /** The ARN of its state machine. */
  readonly stateMachine: string;
  /** The names of its connections' secrets. */
  readonly connections: z.output<typeof connections>;
  /** The connections among them that lead to a PostgreSQL database. */
  readonly databases: z.output<typeof databases>;
}

export interface Deployment {
  /** Of the platform stack. */
  readonly name: string;
  readonly aws: Aws;
  /** Over the data-lake bucket. */
  readonly store: Store;
  readonly platform: z.output<typeof platform>;
  readonly pipelines: readonly DeployedPipeline[];
}

/**
 * Reads the outputs of the platform stack and of the pipelines' stacks beside it.
 * @throws UsageError where there is no such stack
 */
export async function readDeployment(aws: Aws, name: string): Promise<Deployment> {
  const stacks = await allStacks(aws);
  const found = stacks.find(({ StackName }) => StackName === name);
  if (!found) {
    const others = stacks.map(({ StackName }) => StackName).join(', ') || 'none';
    throw new UsageError(`There is no stack '${name}' there (stacks: ${others}). \`npx cdk deploy --all\` creates it.`);
  }
  const pipelines = stacks.flatMap((stack) => {
    const { success, data } = pipeline.safeParse(outputs(stack));
    return success && stack.StackName === `${name}-${data.Dag.dagId}`
      ? [
          {
            ...data.Dag,
            stateMachine: data.StateMachine,
            connections: data.Connections,
            databases: data.Databases,
          },
        ]
      : [];
  });
  const of = platform.parse(outputs(found));
  return { name, aws, store: s3Store({ client: aws.s3, bucket: of.Bucket }), platform: of, pipelines };
}

async function allStacks({ cloudFormation }: Aws): Promise<Stack[]> {
  const stacks: Stack[] = [];
  try {
    for await (const page of paginateDescribeStacks({ client: cloudFormation }, {}))
      stacks.push(...(page.Stacks ?? []));
  } catch (error) {
    if (error instanceof CloudFormationServiceException) throw new UsageError(`Reading the stacks: ${error.message}`);
    const why = error as Error;
    if (/credential|region|ECONNREFUSED|ENOTFOUND/i.test(`${why.name} ${why.message}`))
      throw new UsageError(`Reading the stacks: ${why.message}. Check AWS_PROFILE, AWS_REGION and AWS_ENDPOINT_URL.`);
    throw error;
  }
  return stacks;
}

const outputs = ({ Outputs = [] }: Stack) =>
  Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));

/** @throws UsageError naming those that there are */
export function pipelineOf(
  { pipelines, name }: Pick<Deployment, 'pipelines' | 'name'>,
  dagId: string,
): DeployedPipeline {
  const found = pipelines.find((one) => one.dagId === dagId);
  if (found) return found;
  const known = pipelines.map((one) => one.dagId);
  throw new UsageError(
    `There is no pipeline '${dagId}' in ${name}.${didYouMean(dagId, known)} It has: ${known.join(', ') || 'none'}.`,
  );
}

/** The secret of each connection, by the connection's name. */
export const secretsOf = ({ pipelines }: Pick<Deployment, 'pipelines'>): Map<string, string> =>
  new Map(pipelines.flatMap(({ connections }) => Object.entries(connections)));

/** @throws UsageError naming those that there are */
export function secretOfConnection(deployment: Deployment, name: string): string {
  const secrets = secretsOf(deployment);
  const found = secrets.get(name);
  if (found !== undefined) return found;
  const known = [...secrets.keys()].join(', ') || 'none';
  throw new UsageError(`There is no connection '${name}' in ${deployment.name}. It has: ${known}.`);
}
