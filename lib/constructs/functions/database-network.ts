/** In which network a function lies: that of the PostgreSQL database which its tasks work on. */
import type { GraphTask } from '#lib/dag/index.ts';
import { AppError } from '../errors.ts';
import { connectionsOf } from '../rights/task-rights.ts';
import type { FunctionNetwork } from './node-function.ts';

/** By connection, as the settings have them. */
export type Databases = Readonly<Record<string, { readonly network: FunctionNetwork }>>;

/**
 * @param tasks those of one type, which one function carries out
 * @throws AppError where their databases lie in different networks
 */
export function networkOf(tasks: readonly GraphTask[], databases: Databases): FunctionNetwork | undefined {
  const used = connectionsOf(tasks).databases;
  const [first, ...others] = used.map((name) => ({ name, network: databases[name]?.network }));
  const other = others.find(({ network }) => JSON.stringify(network) !== JSON.stringify(first?.network));
  if (first === undefined || other === undefined) return first?.network;
  throw new AppError(
    `The ${tasks[0]?.type} tasks work on the connections '${first.name}' and '${other.name}', whose databases lie in ` +
      'different networks (postgres in sluice.config.ts), and a function lies in one. Put them into two pipelines.',
  );
}

/** What it costs to reach the rest of AWS from there: us-east-1, https://aws.amazon.com/privatelink/pricing/. */
export const COST_OF_NETWORK =
  'reach S3 and Secrets Manager from the subnets of their database: by a NAT gateway that is there, or by endpoints in ' +
  'the VPC. The gateway endpoint of S3 is free; an interface endpoint, such as that of Secrets Manager, costs about ' +
  '$7.30 a month and zone, and so does each other service that these tasks use';
