import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Sns } from '#local/sns/sns.ts';
import { temporaryDirectory } from '../../worlds/local/cloud-assembly.ts';

function topic() {
  const mailbox = temporaryDirectory();
  const { operations } = new Sns(mailbox);
  const { TopicArn } = operations.CreateTopic({ Name: 'alerts' });
  const mails = () => readdirSync(mailbox).map((file) => readFileSync(join(mailbox, file), 'utf8'));
  return { ...operations, TopicArn, mails };
}

test('a message goes to everyone who subscribed by e-mail', async () => {
  const { TopicArn, Subscribe, Publish, ListSubscriptionsByTopic, mails } = topic();
  for (const Endpoint of ['a@x.org', 'b@x.org']) Subscribe({ TopicArn, Protocol: 'email', Endpoint });
  Subscribe({ TopicArn, Protocol: 'sms', Endpoint: '+491234' });

  await Publish({ TopicArn, Message: 'text' });

  expect(mails()).toEqual([expect.stringContaining('\nTo: a@x.org, b@x.org\n')]);
  expect(ListSubscriptionsByTopic({ TopicArn }).Subscriptions).toHaveLength(3);
});

test('a message without subscribers is kept, too', async () => {
  const { TopicArn, Publish, mails } = topic();

  await Publish({ TopicArn, Subject: 'Late', Message: 'text' });

  expect(mails()).toEqual([expect.stringMatching(/\nTo: \(nobody has subscribed\)\n.*\nSubject: Late\n/)]);
});

test.each([
  [{ TopicArn: 'arn:aws:sns:us-east-1:000000000000:other', Message: 'm' }, 'NotFound'],
  [{ Message: '' }, 'InvalidParameter'],
  [{ Message: 'x'.repeat(262_145) }, 'InvalidParameter'],
  [{ Message: 'm', Subject: 'two\nlines' }, 'InvalidParameter'],
  [{ Message: 'm', Subject: 'x'.repeat(101) }, 'InvalidParameter'],
])('%j is refused as AWS does', async (input, name) => {
  const { TopicArn, Publish, mails } = topic();

  await expect(Publish({ TopicArn, ...input })).rejects.toMatchObject({ name });
  expect(mails()).toEqual([]);
});
