import { required } from '#lambdas/runtime/environment.ts';
import { implement } from '#lambdas/runtime/implement.ts';
import { sendMail, subjectOf } from '#lambdas/runtime/mail.ts';
import { email } from './task.ts';

export const handler = implement(email, async ({ subject, message }, { environment }) => ({
  messageId: await sendMail(required(environment, 'SLUICE_TOPIC'), { subject: subjectOf(subject), message }),
}));
