import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler } from '#tasks/email/handler.ts';
import { eventOf } from '../../../worlds/events.ts';
import { openMailbox } from '../mailbox.ts';

let box: Awaited<ReturnType<typeof openMailbox>>;
beforeAll(async () => {
  box = await openMailbox();
});
afterAll(() => box.aws.close());

const send = (subject: string, message: string) =>
  handler(eventOf({ to: { type: 'email', connection: 'alerts' }, subject, message }));

test('a mail goes to the topic of alerts, with its subject as SNS takes it', async () => {
  const { messageId } = await send('Größe:\n 3 rows', 'Three rows – all of them.');
  expect(box.mails()).toEqual([expect.stringMatching(/\nSubject: Gr\?\?e: 3 rows\n/)]);
  expect(box.mails()[0]).toContain(`<${messageId}>`);
  expect(box.mails()[0]).toContain('\n\nThree rows – all of them.\n');
});

test('a mail that SNS does not take is terminal', async () => {
  await expect(send('Long', 'x'.repeat(262_145))).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: "Sending the mail 'Long': Invalid parameter: Message too long.",
  });
  await expect(send('', '')).rejects.toMatchObject({ name: 'Sluice.Terminal' });
});
