/** A topic of the embedded AWS with its mailbox, told to the functions of this process. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { queryHandler } from '#local/endpoint/query-protocol.ts';
import { Sns } from '#local/sns/sns.ts';
import { openAws } from '../../worlds/aws.ts';
import { describeFunction } from '../../worlds/task-services.ts';

/** To be called before the handler's first event. */
export async function openMailbox() {
  const aws = await openAws();
  describeFunction(aws);
  const mailbox = join(aws.dir, 'mailbox');
  const sns = new Sns(mailbox);
  aws.endpoint.handlers.set('sns', queryHandler('sns', sns.operations));
  process.env['SLUICE_TOPIC'] = sns.createTopic('alerts');
  /** The texts of all mails, in the order of their subjects. */
  const mails = () => readdirSync(mailbox).map((file) => readFileSync(join(mailbox, file), 'utf8'));
  return { aws, mails };
}
