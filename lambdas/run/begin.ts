/** The Lambda of the state "Begin run". */
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { readEnvironment } from '#lambdas/runtime/environment.ts';
import { named, Terminal } from '#lambdas/runtime/errors.ts';
import { problems } from '#lambdas/runtime/problems.ts';
import { s3Store } from '#lambdas/runtime/store.ts';
import type { Run } from '#lib/contract/envelope.ts';
import { beginEvent } from '#lib/contract/run-record.ts';
import { claimRun } from './claim.ts';
import { runEnvironment } from './environment.ts';
import { executionsOf } from './executions.ts';

const environment = readEnvironment(runEnvironment);
const store = s3Store({ client: new S3Client(), bucket: environment.SLUICE_BUCKET });
const executions = executionsOf(new SFNClient());

export async function handler(event: unknown): Promise<Run> {
  const parsed = beginEvent.safeParse(event);
  if (!parsed.success) throw new Terminal(`Reading the input of the execution: ${problems(parsed.error)}.`);
  try {
    return await claimRun({ store, executions, now: () => new Date() }, parsed.data);
  } catch (error) {
    throw named(error);
  }
}
