/** The Lambda of the state "Begin run". */
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { readEnvironment } from '#lambdas/runtime/environment.ts';
import { beginEvent } from '#lib/contract/begin-event.ts';
import type { Run } from '#lib/contract/envelope.ts';
import { named, Terminal } from '#lib/contract/errors.ts';
import { problems } from '#lib/contract/problems.ts';
import { executionsOf } from '#lib/runs/executions.ts';
import { s3Store } from '#lib/runs/store.ts';
import { claimRun } from './claim.ts';
import { runEnvironment } from './environment.ts';

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
