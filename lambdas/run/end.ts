/** The Lambda behind the rule on a machine's status changes: closes the run, frees its slot, mails people. */
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { readEnvironment } from '#lambdas/runtime/environment.ts';
import { sendMail } from '#lambdas/runtime/mail.ts';
import { showOrigin } from '#lambdas/runtime/origin.ts';
import { executionsOf } from '#lib/runs/executions.ts';
import { s3Store } from '#lib/runs/store.ts';
import { endEnvironment } from './environment.ts';
import { endRun } from './finish.ts';

type Services = Parameters<typeof endRun>[0];

let opened: Services | undefined;
function ofProcess(): Services {
  if (opened) return opened;
  const { SLUICE_BUCKET, SLUICE_STACK, SLUICE_TOPIC } = readEnvironment(endEnvironment);
  opened = {
    store: s3Store({ client: new S3Client(), bucket: SLUICE_BUCKET }),
    executions: executionsOf(new SFNClient()),
    stack: SLUICE_STACK,
    publish: async (mail) => void (await sendMail(SLUICE_TOPIC, mail)),
  };
  return opened;
}

const statusChange = z.object({ detail: z.object({ executionArn: z.string() }) });

export async function handler(event: unknown): Promise<void> {
  try {
    await endRun(ofProcess(), statusChange.parse(event).detail.executionArn);
  } catch (error) {
    throw showOrigin(error);
  }
}
