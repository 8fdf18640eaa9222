/** From a request's connection members to a session. */
import { logIn } from '../engine/log-in.ts';
import type { Session } from '../engine/session.ts';
import type { Warehouse } from '../engine/warehouse.ts';
import { DataApiError, RedshiftError } from '../errors.ts';
import type { ConnectionRequest } from './requests.ts';

export interface AccessDeps {
  readonly warehouse: Warehouse;
  /** The string of a secret, by ARN or name. */
  readonly secret: (arnOrName: string) => string | undefined;
  /** Undefined: any name is taken. */
  readonly workgroups: readonly string[] | undefined;
}

/** @throws DataApiError where there is no such workgroup */
export function requireWorkgroup({ WorkgroupName: name }: ConnectionRequest, { workgroups }: AccessDeps): void {
  if (name === undefined) {
    throw new DataApiError('ValidationException', 'WorkgroupName is required: the embedded warehouse is a workgroup.');
  }
  // An ARN ends in the workgroup's id, which only Redshift could resolve.
  if (!workgroups || name.startsWith('arn:') || workgroups.includes(name)) return;
  throw new DataApiError('ValidationException', `Redshift endpoint doesn't exist in this region: ${name}`);
}

/** @throws RedshiftError where Redshift would not let the caller in */
export async function openSession(request: ConnectionRequest, { warehouse, secret }: AccessDeps): Promise<Session> {
  if (request.Database !== warehouse.database) {
    throw new RedshiftError(`FATAL: database "${request.Database}" does not exist`);
  }
  const secretId = request.SecretArn;
  return logIn(warehouse, secretId === undefined ? undefined : { secretId, secret: secret(secretId) });
}
