import { secondsOf } from '#lib/time/duration.ts';
import { implement, NotReady } from '#sluice/lambda';
import { dateTimeSensor } from './task.ts';

export const handler = implement(dateTimeSensor, async ({ at, after = '' }, { run }) => {
  const afterInterval = Date.parse(run.dataInterval.end) + (secondsOf(after) ?? 0) * 1000;
  const instant = at === undefined ? new Date(afterInterval) : new Date(at);
  const now = new Date();
  if (now < instant) throw new NotReady(`It is ${now.toISOString()}, not ${instant.toISOString()} yet.`);
  return { at: instant.toISOString() };
});
