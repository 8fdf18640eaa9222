/** What it means that a sensor's look found nothing. */

import type { TaskOfRun } from '#lib/contract/envelope.ts';
import { NotReady, SensorTimeout, Skipped } from '#lib/contract/errors.ts';
import { spelled } from '#lib/time/duration.ts';

/**
 * What a look leaves with, where it threw: `NotReady` while the sensor has time left, then that its time is up. Any
 * other error as it is. Airflow's rule: the time is looked at after a look, so there is one after the last wait.
 */
export function afterLook(thrown: unknown, { sensor, attempt }: TaskOfRun, now: Date): unknown {
  if (!(thrown instanceof NotReady) || !sensor) return thrown;
  const seconds = Math.floor((now.getTime() - Date.parse(sensor.since)) / 1000);
  if (seconds < sensor.timeoutSeconds) return thrown;
  const looks = attempt === 1 ? '1 look' : `${attempt} looks`;
  const told = `not there after ${looks} in ${spelled(seconds)}: ${thrown.message}`;
  return new (sensor.softFail ? Skipped : SensorTimeout)(told, { cause: thrown });
}
