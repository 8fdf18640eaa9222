/** The Lambda behind the rule on a machine's status changes: closes the run, frees its slot, tells people. */
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { readEnvironment } from '#lambdas/runtime/environment.ts';
import { type Mail, sendMail } from '#lambdas/runtime/mail.ts';
import { executionsOf } from '#lib/runs/executions.ts';
import { s3Store } from '#lib/runs/store.ts';
import { endEnvironment } from './environment.ts';
import { endRun } from './finish.ts';

const environment = readEnvironment(endEnvironment);
const deps = {
  store: s3Store({ client: new S3Client(), bucket: environment.SLUICE_BUCKET }),
  executions: executionsOf(new SFNClient()),
  stack: environment.SLUICE_STACK,
  publish: async (mail: Mail) => void (await sendMail(environment.SLUICE_TOPIC, mail)),
};

const statusChange = z.object({ detail: z.object({ executionArn: z.string() }) });

export async function handler(event: unknown): Promise<void> {
  await endRun(deps, statusChange.parse(event).detail.executionArn);
}
