import { expect, test } from 'vitest';
import { eventOf, run, START } from '../../../worlds/local/run-machine.ts';

test.each([
  ['Seconds', 90, 90],
  ['Seconds', '{% $states.input.seconds %}', 45],
  ['Timestamp', '2026-01-01T01:00:00+00:30', 30 * 60],
  ['Timestamp', '2020-01-01T00:00:00.123456789Z', 0],
])('a Wait with %s %s waits %i s of virtual time', async (field, value, seconds) => {
  const result = await run({ Wait: { Type: 'Wait', [field]: value, End: true } }, { input: { seconds: 45 } });
  expect(result.status).toBe('SUCCEEDED');
  expect(result.seconds).toBe(seconds);
  expect(eventOf(result.events, 'WaitStateExited').timestamp.getTime() - START.getTime()).toBe(seconds * 1000);
});

test.each([
  ['Seconds', '{% -1 %}', 'Seconds must be between 0 and 99999999 but was: -1'],
  ['Seconds', '{% 1.5 %}', 'The Seconds field cannot be parsed as an integer: 1.5'],
  [
    'Timestamp',
    '{% "tomorrow" %}',
    'cannot be parsed as an ISO-8601 extended offset date-time format string: tomorrow',
  ],
  ['Timestamp', '{% "2026-01-01T00:00:00" %}', 'cannot be parsed as an ISO-8601'],
])('a Wait with %s %s fails the query', async (field, value, message) => {
  const { error, cause, types } = await run({ Wait: { Type: 'Wait', [field]: value, End: true } });
  expect(error).toBe('States.QueryEvaluationError');
  expect(cause).toContain(message);
  expect(types.slice(-2)).toEqual(['EvaluationFailed', 'ExecutionFailed']);
});
