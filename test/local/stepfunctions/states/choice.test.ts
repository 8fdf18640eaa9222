import { expect, test } from 'vitest';
import { eventOf, run } from '../../../worlds/local/run-machine.ts';

const choosing = {
  Choose: {
    Type: 'Choice',
    Choices: [
      { Condition: '{% $states.input.n = 1 %}', Assign: { taken: 'one' }, Next: 'End' },
      { Condition: '{% $states.input.n >= 2 %}', Assign: { taken: 'many' }, Output: 'from the rule', Next: 'End' },
    ],
    Default: 'End',
    Assign: { taken: 'default' },
    Output: 'from the default',
  },
  End: { Type: 'Pass', Output: '{% [$taken, $states.input] %}', End: true },
};

test.each([
  [1, ['one', { n: 1 }]],
  [2, ['many', 'from the rule']],
  [0, ['default', 'from the default']],
])('a Choice takes the first rule whose Condition is true, with its Assign and Output (n = %i)', async (n, output) => {
  expect((await run(choosing, { input: { n } })).output).toEqual(output);
});

test('a Choice without a matching rule and without Default fails with States.NoChoiceMatched', async () => {
  const { Choose, End } = choosing;
  const { Default: _, ...closed } = Choose;
  expect((await run({ Choose: closed, End }, { input: { n: 0 } })).error).toBe('States.NoChoiceMatched');
});

test('a Condition that is not a boolean fails the query and names its place', async () => {
  const { events } = await run({
    Choose: { Type: 'Choice', Choices: [{ Condition: '{% "true" %}', Next: 'End' }] },
    End: { Type: 'Succeed' },
  });
  expect(eventOf(events, 'EvaluationFailed')['evaluationFailedEventDetails']).toMatchObject({
    location: 'Choices[0]/Condition',
    cause: expect.stringContaining("Expected 'boolean', but was 'string'"),
  });
});
