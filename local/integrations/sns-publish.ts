/** Step Functions' optimised integration with SNS: `arn:aws:states:::sns:publish`. */
import { randomUUID } from 'node:crypto';
import type { Sns } from '../sns/index.ts';
import { answerDetails } from './answer.ts';
import { type Integration, orTaskFailed } from './task.ts';

const TOLD = { prefix: 'SNS', service: 'AmazonSNS' };

export const snsPublish =
  (sns: Sns): Integration =>
  async ({ arguments: parameters }) => {
    const { Message, ...others } = parameters as { TopicArn: string; Message: unknown };
    const text = typeof Message === 'string' ? Message : JSON.stringify(Message);
    const published = await orTaskFailed(TOLD, () => sns.operations.Publish({ ...others, Message: text }));
    return { ...published, ...answerDetails(randomUUID(), { 'Content-Type': 'text/xml' }) };
  };
