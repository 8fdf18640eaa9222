import { expect, test } from 'vitest';
import { Slots } from '#local/lambda/slots.ts';

test('no more work at a time than there are slots, in order of arrival', async () => {
  const slots = new Slots(2);
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const work = (id: number) => async () => {
    order.push(id);
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    if (id === 1) throw new Error('one fails');
  };

  const results = await Promise.allSettled([0, 1, 2, 3, 4].map((id) => slots.hold(work(id))));

  expect(most).toBe(2);
  expect(order).toEqual([0, 1, 2, 3, 4]);
  expect(results.map(({ status }) => status).filter((status) => status === 'rejected')).toHaveLength(1);
});

test('who no longer wants to wait leaves the queue', async () => {
  const slots = new Slots(1);
  const first = Promise.withResolvers<void>();
  const held = slots.hold(() => first.promise);
  const leaving = new AbortController();
  const left = slots.hold(async () => 'never', leaving.signal);
  const last = slots.hold(async () => 'done');

  leaving.abort(new Error('too long'));
  await expect(left).rejects.toThrow('too long');
  first.resolve();

  expect(await last).toBe('done');
  await held;
});
