/** The custom resource of CloudFormation that makes the warehouse's user at each deployment. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import * as z from 'zod';
import { secretConnections } from '../runtime/connections.ts';
import { Transient } from '../runtime/errors.ts';
import { masking } from '../runtime/masking.ts';
import { redshift } from '../warehouse/statements.ts';
import { makeUser } from './user.ts';

const resource = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.string().optional(),
  ResourceProperties: z.object({
    /** Of the warehouse's administrator. */
    AdminSecretArn: z.string(),
    /** Of the user to make: `{"username", "password"}`. */
    UserSecretArn: z.string(),
    Workgroup: z.string(),
    Database: z.string(),
    Schemas: z.array(z.string()),
  }),
});
type Resource = z.output<typeof resource>;

const userSecret = z.object({ username: z.string(), password: z.string() });
const PAUSES_MS = [5_000, 15_000, 30_000];
/** CloudFormation takes 4 KiB in all. */
const REASON_CHARS = 1_000;

/** Answers CloudFormation, also where it fails. Deleting the resource leaves the user, the schemas and the data. */
export async function handler(event: unknown, invocation: { getRemainingTimeInMillis(): number }): Promise<void> {
  const request = resource.parse(event);
  try {
    if (request.RequestType !== 'Delete') await patiently(() => make(request, invocation));
    await answer(request, { Status: 'SUCCESS' });
  } catch (error) {
    const { message } = masking.error(error instanceof Error ? error : new Error(String(error)));
    await answer(request, { Status: 'FAILED', Reason: message.slice(0, REASON_CHARS) });
  }
}

async function make({ ResourceProperties: wanted }: Resource, invocation: { getRemainingTimeInMillis(): number }) {
  const connection = { connection: 'warehouse', type: 'redshift' };
  const secrets = secretConnections({ warehouse: wanted.UserSecretArn });
  const { username, password } = await secrets.refetch(connection, userSecret);
  const client = new RedshiftDataClient();
  const as = (SecretArn: string) =>
    redshift({
      client,
      target: { WorkgroupName: wanted.Workgroup, Database: wanted.Database, SecretArn },
      remaining: () => invocation.getRemainingTimeInMillis(),
    });
  const sessions = { admin: as(wanted.AdminSecretArn), user: as(wanted.UserSecretArn) };
  await makeUser(sessions, { username, password, database: wanted.Database, schemas: wanted.Schemas });
}

/** A workgroup that was just created does not take every statement at once. */
async function patiently(work: () => Promise<void>): Promise<void> {
  for (const pause of PAUSES_MS) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Transient)) throw error;
      await sleep(pause);
    }
  }
  return work();
}

async function answer(request: Resource, result: { Status: 'SUCCESS' } | { Status: 'FAILED'; Reason: string }) {
  const { ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId = LogicalResourceId } = request;
  const body = JSON.stringify({ ...result, StackId, RequestId, LogicalResourceId, PhysicalResourceId });
  const response = await fetch(ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
  if (response.ok) return;
  throw new Error(
    `Answering CloudFormation for ${LogicalResourceId}: HTTP ${response.status}. It waits until its timeout.`,
  );
}
