import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler } from '#tasks/approval/handler.ts';
import { eventOf, someRun } from '../../../worlds/events.ts';
import { openMailbox } from '../mailbox.ts';

let box: Awaited<ReturnType<typeof openMailbox>>;
beforeAll(async () => {
  box = await openMailbox();
  process.env['SLUICE_STACK'] = 'Sluice-dev';
});
afterAll(() => box.aws.close());

const input = { to: { type: 'email', connection: 'alerts' }, subject: 'Publish?', message: '42 rows.' };
const run = {
  ...someRun(),
  dagId: 'report',
  execution: 'arn:aws:states:us-east-1:123456789012:execution:Sluice-dev-report:one',
};

test('the mail has the question, the run, and the commands that answer it in its deployment', async () => {
  expect(await handler(eventOf(input, { run, task: { id: 'ask', attempt: 1, token: 'AQ+/=' } }))).toBeUndefined();
  const [mail = ''] = box.mails();
  expect(mail).toContain('Subject: Publish?\n');
  expect(mail.split('\n\n').slice(1).join('\n\n').trim()).toBe(
    [
      '42 rows.',
      '',
      'The task ask of report 2026-11-19T00:00:00Z waits for an answer.',
      '',
      'To approve:',
      `npx sluice callback succeed AQ+/= --output '{"by":"…"}' --stack Sluice-dev`,
      '',
      'To refuse:',
      `npx sluice callback fail AQ+/= --cause '…' --stack Sluice-dev`,
    ].join('\n'),
  );
});

test('each attempt asks anew: nothing of it lies in the ledger', async () => {
  const before = box.mails().length;
  for (const attempt of [1, 2]) await handler(eventOf(input, { run, task: { id: 'again', attempt, token: 'T' } }));
  expect(box.mails()).toHaveLength(before + 2);
  expect(await box.aws.keys('ledger/')).toEqual([]);
});

test('without a token nobody is asked', async () => {
  const before = box.mails().length;
  await expect(handler(eventOf(input, { run }))).rejects.toMatchObject({
    name: 'Sluice.Terminal',
    message: "Task 'extract' (approval) was given no token.",
  });
  expect(box.mails()).toHaveLength(before);
});
