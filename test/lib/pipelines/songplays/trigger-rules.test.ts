import { expect, test } from 'vitest';
import { sluice } from '../../../worlds/command-line.ts';

/** What becomes of each task where some fail, as the compiled state machine carries it out. */
async function statusesWhere(...failing: string[]) {
  const { stdout } = await sluice('simulate', 'songplays', ...failing.flatMap((task) => ['--fail', task]));
  return Object.fromEntries([...stdout.matchAll(/^ {2}(\w+) +(\w+)$/gm)].map(([, task, status]) => [task, status]));
}

test('the notice is mailed where all loads failed, and not where one of them did', async () => {
  const both = await statusesWhere('load_log_events', 'load_songs');
  expect(both).toMatchObject({
    notice_nothing_loaded: 'success',
    cleanup: 'success',
    publish_report: 'upstream_failed',
  });
  for (const one of ['load_log_events', 'load_songs']) {
    expect(await statusesWhere(one)).toMatchObject({ notice_nothing_loaded: 'skipped', cleanup: 'success' });
  }
});

test('a check that fails stops model and report, and cleanup runs all the same', async () => {
  expect(await statusesWhere('check_data_quality')).toMatchObject({
    fit_model_still_active: 'upstream_failed',
    publish_report: 'upstream_failed',
    stop: 'upstream_failed',
    cleanup: 'success',
  });
});
