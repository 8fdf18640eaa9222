import { expect, test } from 'vitest';
import { dag } from '#lib/pipelines/songplays/dag.ts';

const graph = dag.graph();
const taskOf = (id: string) => graph.tasks.find((task) => task.id === id);
const before = (id: string) => taskOf(id)?.upstream.toSorted();
const ruleOf = (id: string) => taskOf(id)?.triggerRule;

test('the facts wait for events and songs, the dimensions for the facts, the checks for all of them', () => {
  expect(before('create_fact_table_songplay')).toEqual(['load_log_events', 'load_songs']);
  for (const name of ['songs', 'artists', 'time', 'users']) {
    expect(before(`create_data_dimension_${name}`)).toEqual(['create_fact_table_songplay']);
  }
  expect(before('check_data_quality')).toHaveLength(4);
});

test('the day is extracted once its file is there', () => {
  expect(before('extract_log_events')).toContain('wait_for_log_events');
});

test('cleanup runs whatever became of the others, the notice only where both loads failed', () => {
  expect(ruleOf('cleanup')).toBe('all_done');
  expect(before('notice_nothing_loaded')).toEqual(['load_log_events', 'load_songs']);
  expect(ruleOf('notice_nothing_loaded')).toBe('all_failed');
});

test('the report waits for the checks, also where the model is skipped; what stops waits for the report', () => {
  expect(before('fit_model_still_active')).toEqual(['check_data_quality']);
  expect(before('publish_report')).toEqual(['fit_model_still_active']);
  expect(ruleOf('publish_report')).toBe('none_failed');
  expect(before('stop')).toEqual(['publish_report']);
});
