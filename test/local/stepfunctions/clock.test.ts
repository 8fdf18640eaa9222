import { expect, test } from 'vitest';
import { realClock, VirtualClock } from '#local/stepfunctions/index.ts';
import { START } from '../../worlds/local/run-machine.ts';

const never = new AbortController().signal;

test('virtual time jumps from timer to timer in the order of their times', async () => {
  const clock = new VirtualClock(START);
  const rung: [number, number][] = [];
  const sleep = async (seconds: number) => {
    await clock.sleep(seconds * 1000, never);
    rung.push([seconds, clock.now().getTime() - START.getTime()]);
  };
  await Promise.all([sleep(3600), sleep(1), sleep(60), sleep(1)]);
  expect(rung).toEqual([
    [1, 1000],
    [1, 1000],
    [60, 60_000],
    [3600, 3_600_000],
  ]);
});

test('virtual time stands still while real work is under way', async () => {
  const clock = new VirtualClock(START);
  const work = clock.during(new Promise((resolve) => setTimeout(resolve, 20)));
  const slept = clock.sleep(1000, never);
  await work;
  expect(clock.now()).toEqual(START);
  await slept;
  expect(clock.now().getTime()).toBe(START.getTime() + 1000);
});

test.each([
  ['virtual', () => new VirtualClock(START)],
  ['real', () => realClock],
])("a %s sleep rejects with its signal's reason", async (_, make) => {
  const controller = new AbortController();
  const slept = make().sleep(1_000_000, controller.signal);
  controller.abort(new Error('enough'));
  await expect(slept).rejects.toThrow('enough');
  await expect(make().sleep(1, controller.signal)).rejects.toThrow('enough');
});

test('a cancelled timer does not move virtual time', async () => {
  const clock = new VirtualClock(START);
  const controller = new AbortController();
  const slept = clock.sleep(1_000_000, controller.signal).catch(() => {});
  controller.abort();
  await slept;
  await clock.sleep(1000, never);
  expect(clock.now().getTime()).toBe(START.getTime() + 1000);
});

test('a real sleep takes its time', async () => {
  const started = performance.now();
  await realClock.sleep(20, never);
  expect(performance.now() - started).toBeGreaterThan(15);
});
