import { expect, test } from 'vitest';
import { run } from '../../../worlds/local/run-machine.ts';

test('a Succeed ends the execution with its Output', async () => {
  const { output, types } = await run({
    Done: { Type: 'Succeed', Output: { at: '{% $states.context.State.Name %}' } },
  });
  expect(output).toEqual({ at: 'Done' });
  expect(types.slice(1)).toEqual(['SucceedStateEntered', 'SucceedStateExited', 'ExecutionSucceeded']);
});
