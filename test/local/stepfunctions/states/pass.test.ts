import { expect, test } from 'vitest';
import { run } from '../../../worlds/local/run-machine.ts';

test('a Pass hands its input on, or its Output', async () => {
  const { output, types } = await run(
    {
      Same: { Type: 'Pass', Next: 'Shaped' },
      Shaped: { Type: 'Pass', Output: { n: '{% $states.input.n + 1 %}', literal: ' {% no query %}' }, End: true },
    },
    { input: { n: 1 } },
  );
  expect(output).toEqual({ n: 2, literal: ' {% no query %}' });
  expect(types).toEqual([
    'ExecutionStarted',
    'PassStateEntered',
    'PassStateExited',
    'PassStateEntered',
    'PassStateExited',
    'ExecutionSucceeded',
  ]);
});

test('Assign and Output are evaluated side by side: a new variable is seen by the next state only', async () => {
  const { output } = await run({
    One: { Type: 'Pass', Assign: { n: 1 }, Next: 'Two' },
    Two: { Type: 'Pass', Assign: { n: '{% $n + 1 %}' }, Output: '{% $n %}', Next: 'Three' },
    Three: { Type: 'Pass', Output: '{% [$states.input, $n] %}', End: true },
  });
  expect(output).toEqual([1, 2]);
});

test('a Pass output over 256 KiB fails the execution', async () => {
  const { status, error } = await run({ Big: { Type: 'Pass', Output: '{% $pad("", 262144, "é") %}', End: true } });
  expect([status, error]).toEqual(['FAILED', 'States.DataLimitExceeded']);
});
