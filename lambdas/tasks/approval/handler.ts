import { required } from '#lambdas/runtime/environment.ts';
import { sendMail, subjectOf } from '#lambdas/runtime/mail.ts';
import { stackOption } from '#lambdas/runtime/stack-option.ts';
import { implementCallback } from '#sluice/lambda';
import { approval } from './task.ts';

export const handler = implementCallback(approval, async ({ subject, message }, { environment, run, task, token }) => {
  const stack = stackOption(environment.SLUICE_STACK);
  await sendMail(required(environment, 'SLUICE_TOPIC'), {
    subject: subjectOf(subject),
    message: [
      message,
      '',
      `The task ${task.id} of ${run.dagId} ${run.logicalDate} waits for an answer.`,
      '',
      'To approve:',
      `npx sluice callback succeed ${token} --output '{"by":"…"}'${stack}`,
      '',
      'To refuse:',
      `npx sluice callback fail ${token} --cause '…'${stack}`,
    ].join('\n'),
  });
});
