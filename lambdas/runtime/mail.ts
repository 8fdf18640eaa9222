/** Mails to those who subscribed to the deployment's alerts. */
import { InvalidParameterException, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { Terminal } from '#lib/contract/errors.ts';

export interface Mail {
  /** As `subjectOf` gives it. */
  readonly subject: string;
  readonly message: string;
}

/** SNS takes less than this, in characters. */
const SUBJECT = 100;

/** A text as SNS takes it for a subject: one line of ASCII, with a `?` for each other character. */
export const subjectOf = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[^ -~]/gu, '?')
    .trim()
    .slice(0, SUBJECT - 1);

let client: SNSClient | undefined;

/**
 * Publishes a mail to a topic.
 * @returns the id of the message
 * @throws Terminal where SNS does not take it, such as for a message of more than 256 KiB
 */
export async function sendMail(topicArn: string, { subject, message }: Mail): Promise<string> {
  client ??= new SNSClient();
  try {
    const { MessageId = '' } = await client.send(
      new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: message }),
    );
    return MessageId;
  } catch (cause) {
    if (!(cause instanceof InvalidParameterException)) throw cause;
    throw new Terminal(`Sending the mail '${subject}': ${cause.message}.`, { cause });
  }
}
