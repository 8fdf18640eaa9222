import { required } from '#lambdas/runtime/environment.ts';
import { sendMail, subjectOf } from '#lambdas/runtime/mail.ts';
import { implement } from '#sluice/lambda';
import { email } from './task.ts';

export const handler = implement(email, async ({ subject, message }, { environment }) => ({
  messageId: await sendMail(required(environment, 'SLUICE_TOPIC'), { subject: subjectOf(subject), message }),
}));
