/** The Lambda of the state "Begin run". */
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { readEnvironment } from '#lambdas/runtime/environment.ts';
import { showOrigin } from '#lambdas/runtime/origin.ts';
import { beginEvent } from '#lib/contract/begin-event.ts';
import type { BegunRun } from '#lib/contract/envelope.ts';
import { named, Terminal } from '#lib/contract/errors.ts';
import { problems } from '#lib/contract/problems.ts';
import { executionsOf } from '#lib/runs/executions.ts';
import { s3Store } from '#lib/runs/store.ts';
import { claimRun } from './claim.ts';
import { runEnvironment } from './environment.ts';

type Services = Omit<Parameters<typeof claimRun>[0], 'now'>;

let opened: Services | undefined;
function ofProcess(): Services {
  opened ??= {
    store: s3Store({ client: new S3Client(), bucket: readEnvironment(runEnvironment).SLUICE_BUCKET }),
    executions: executionsOf(new SFNClient()),
  };
  return opened;
}

export async function handler(event: unknown): Promise<BegunRun> {
  try {
    const parsed = beginEvent.safeParse(event);
    if (!parsed.success) throw new Terminal(`Reading the input of the execution: ${problems(parsed.error)}.`);
    return await claimRun({ ...ofProcess(), now: () => new Date() }, parsed.data);
  } catch (error) {
    throw named(showOrigin(error));
  }
}
