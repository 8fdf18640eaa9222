/** In which network a function lies: that of the PostgreSQL database which its tasks work on. */
import type { DatabaseSettings } from '#lib/contract/config.ts';
import type { GraphTask } from '#lib/dag/index.ts';
import { AppError } from '../errors.ts';
import type { FunctionNetwork } from '../function-network.ts';
import type { Platform } from '../platform.ts';
import { connectionsOf } from '../rights/task-rights.ts';

/** By connection, as the settings have them. */
export type Databases = Readonly<Record<string, DatabaseSettings>>;

interface DatabaseNetwork {
  readonly network: FunctionNetwork;
  /** Whether it is that of Aurora, from which nothing but S3 is reached besides. */
  readonly isIsolated: boolean;
}

/**
 * @param tasks those of one type, which one function carries out
 * @throws AppError where their databases lie in different networks, or they need what is not reached from there
 */
export function networkOf(
  tasks: readonly GraphTask[],
  databases: Databases,
  { auroras }: Pick<Platform, 'auroras'>,
): DatabaseNetwork | undefined {
  const used = connectionsOf(tasks).databases.map((name) => ({
    name,
    network: auroras.get(name)?.network ?? databases[name]?.network,
  }));
  const [first, ...others] = used;
  const other = others.find(({ network }) => JSON.stringify(network) !== JSON.stringify(first?.network));
  if (first && other)
    throw new AppError(
      `The ${tasks[0]?.type} tasks work on the connections '${first.name}' and '${other.name}', whose databases lie in ` +
        'different networks (postgres in sluice.config.ts), and a function lies in one. Put them into two pipelines.',
    );
  if (first?.network === undefined) return undefined;
  const isIsolated = auroras.has(first.name);
  if (isIsolated) refuseUnreachable(tasks, first.name);
  return { network: first.network, isIsolated };
}

/** @throws AppError where tasks on Aurora need another service than S3 */
function refuseUnreachable(tasks: readonly GraphTask[], database: string): void {
  const { warehouse, alerts, secrets, databases } = connectionsOf(tasks);
  const actions = tasks.flatMap(({ rights }) => rights.flatMap((right) => right.actions));
  const needed = [
    ...(warehouse ? ['the warehouse'] : []),
    ...(alerts ? ['the topic of alerts'] : []),
    ...secrets.filter((name) => !databases.includes(name)).map((name) => `the connection '${name}'`),
    ...actions.filter((action) => !action.startsWith('s3:')),
  ];
  if (needed.length === 0) return;
  throw new AppError(
    `The ${tasks[0]?.type} tasks work on the connection '${database}', whose network (Aurora) leads to nothing else but ` +
      `S3, and need ${[...new Set(needed)].join(', ')} too. Put the one or the other into a pipeline or task type of its own.`,
  );
}

/** What it costs to reach the rest of AWS from there: us-east-1, https://aws.amazon.com/privatelink/pricing/. */
export const COST_OF_NETWORK =
  'reach S3 and Secrets Manager from the subnets of their database: by a NAT gateway that is there, or by endpoints in ' +
  'the VPC. The gateway endpoint of S3 is free; an interface endpoint, such as that of Secrets Manager, costs about ' +
  '$7.30 a month and zone, and so does each other service that these tasks use';
