import { expect, test } from 'vitest';
import { VirtualClock } from '#local/stepfunctions/index.ts';
import { eventOf, failing, run, START, task } from '../../../worlds/local/run-machine.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:double';

test('a Task hands its evaluated Arguments and the context object to the integration', async () => {
  const tasks: unknown[] = [];
  await run(
    { Double: task({ Arguments: { FunctionName: 'double', Payload: { n: '{% $states.input.n * 2 %}' } } }) },
    {
      input: { n: 21 },
      invoke: async ({ resource, arguments: given, stateName, context }) => {
        tasks.push({ resource, given, stateName, context });
      },
    },
  );
  expect(tasks).toMatchObject([
    {
      resource: 'arn:aws:states:::lambda:invoke',
      given: { FunctionName: 'double', Payload: { n: 42 } },
      stateName: 'Double',
      context: {
        Execution: { Input: { n: 21 }, StartTime: START.toISOString(), RedriveCount: 0 },
        StateMachine: { Name: 'machine' },
        State: { Name: 'Double', EnteredTime: START.toISOString(), RetryCount: 0 },
      },
    },
  ]);
});

test('a Task without Arguments hands over its input', async () => {
  const { output } = await run(
    { Echo: { Type: 'Task', Resource: FUNCTION, End: true } },
    { input: { n: 1 }, invoke: async ({ arguments: given }) => given },
  );
  expect(output).toEqual({ n: 1 });
});

test('Output and Assign see the result and the input', async () => {
  const { output, events } = await run(
    {
      A: task({
        Assign: { kept: '{% $states.result.n %}' },
        Output: '{% [$states.input.n, $states.result.n] %}',
        End: undefined,
        Next: 'B',
      }),
      B: { Type: 'Pass', Output: { sum: '{% $sum($states.input) %}', kept: '{% $kept %}' }, End: true },
    },
    { input: { n: 1 }, invoke: async () => ({ n: 2 }) },
  );
  expect(output).toEqual({ sum: 3, kept: 2 });
  expect(eventOf(events, 'TaskStateExited')['stateExitedEventDetails']).toEqual({
    name: 'A',
    output: '[1,2]',
    outputDetails: { truncated: false },
    assignedVariables: { kept: '2' },
    assignedVariablesDetails: { truncated: false },
  });
});

test('an integration with a service leaves Task events that name resource, type, region and parameters', async () => {
  const { events } = await run(
    {
      Read: task({
        Resource: 'arn:aws:states:::aws-sdk:s3:getObject',
        Arguments: { Key: 'k' },
        TimeoutSeconds: 5,
        HeartbeatSeconds: '{% 2 + 1 %}',
      }),
    },
    { invoke: async () => 'body' },
  );
  const of = { resourceType: 'aws-sdk:s3', resource: 'getObject' };
  expect(events.slice(2, 5)).toMatchObject([
    {
      id: 3,
      previousEventId: 2,
      timestamp: START,
      type: 'TaskScheduled',
      taskScheduledEventDetails: {
        ...of,
        region: 'us-east-1',
        parameters: '{"Key":"k"}',
        timeoutInSeconds: 5,
        heartbeatInSeconds: 3,
      },
    },
    { type: 'TaskStarted', taskStartedEventDetails: of },
    { type: 'TaskSucceeded', taskSucceededEventDetails: { ...of, output: '"body"' } },
  ]);
});

test("a function's ARN as Resource leaves LambdaFunction events", async () => {
  const { types, events } = await run(
    { Call: task({ Resource: FUNCTION, Arguments: { a: 1 } }) },
    { invoke: failing(['Boom']) },
  );
  expect(types.slice(2)).toEqual([
    'LambdaFunctionScheduled',
    'LambdaFunctionStarted',
    'LambdaFunctionFailed',
    'ExecutionFailed',
  ]);
  expect(events[2]).toMatchObject({
    lambdaFunctionScheduledEventDetails: { resource: FUNCTION, input: '{"a":1}', inputDetails: { truncated: false } },
  });
  expect(events[4]).toMatchObject({ lambdaFunctionFailedEventDetails: { error: 'Boom', cause: 'cause of Boom' } });
});

test('anything else that an integration throws fails the Task as States.TaskFailed with the message as cause', async () => {
  const { error, cause } = await run({ A: task() }, { invoke: () => Promise.reject(new TypeError('socket gone')) });
  expect([error, cause]).toEqual(['States.TaskFailed', 'socket gone']);
});

test('a Task that takes longer than TimeoutSeconds fails with States.Timeout and its work is aborted', async () => {
  const aborted: boolean[] = [];
  const { error, types, seconds } = await run(
    { Slow: task({ TimeoutSeconds: '{% $states.input.limit %}' }) },
    {
      input: { limit: 30 },
      invoke: ({ signal }) => {
        signal.addEventListener('abort', () => aborted.push(true));
        return new Promise(() => {});
      },
    },
  );
  expect(error).toBe('States.Timeout');
  expect(types).toContain('TaskTimedOut');
  expect(seconds).toBe(30);
  expect(aborted).toEqual([true]);
});

test('a Task that ends in time leaves no timer behind, one that does not is told at once', async () => {
  const clock = new VirtualClock(START);
  const abortedAfter: number[] = [];
  const { seconds } = await run(
    {
      Quick: task({ TimeoutSeconds: 1000, End: undefined, Next: 'Slow' }),
      Slow: task({ TimeoutSeconds: 5, Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Wait' }] }),
      Wait: { Type: 'Wait', Seconds: 2000, End: true },
    },
    {
      clock,
      invoke: async ({ stateName, signal }) => {
        if (stateName === 'Quick') return 'quick';
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            abortedAfter.push(clock.now().getTime() - START.getTime());
            reject(signal.reason);
          });
        });
      },
    },
  );
  expect(abortedAfter).toEqual([5000]);
  expect(seconds).toBe(2005);
});

test.each(['States.Timeout', 'States.HeartbeatTimeout'])('a Task without a heartbeat is caught as %s', async (name) => {
  const clock = new VirtualClock(START);
  const { output, seconds } = await run(
    {
      Beating: task({
        HeartbeatSeconds: 10,
        TimeoutSeconds: 100,
        Catch: [{ ErrorEquals: [name], Next: 'Caught' }],
      }),
      Caught: { Type: 'Pass', End: true },
    },
    {
      clock,
      invoke: async ({ heartbeat, signal }) => {
        for (let beat = 0; beat < 3; beat++) {
          await clock.sleep(8000, signal);
          heartbeat();
        }
        await clock.sleep(1_000_000, signal);
      },
    },
  );
  expect(output).toEqual({ Error: 'States.Timeout' });
  expect(seconds).toBe(34);
});

test.each([
  ['"soon"', "Expected 'number', but was 'string' for value: \"soon\""],
  ['1.5', 'TimeoutSeconds field cannot be parsed as an integer: 1.5'],
  ['0', 'TimeoutSeconds must be between 1 and 99999999 but was: 0'],
])('a TimeoutSeconds of %s fails the query', async (value, message) => {
  const { error, cause } = await run({ A: task({ TimeoutSeconds: `{% ${value} %}` }) });
  expect(error).toBe('States.QueryEvaluationError');
  expect(cause).toContain(message);
});

test('a result over 256 KiB fails the Task with States.DataLimitExceeded, which States.ALL catches', async () => {
  const { output, types } = await run(
    {
      Big: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }] }),
      Caught: { Type: 'Pass', End: true },
    },
    { invoke: async () => 'x'.repeat(262_143) },
  );
  expect(types).toContain('TaskFailed');
  expect(output.Error).toBe('States.DataLimitExceeded');
});

test('Arguments over 256 KiB fail with States.DataLimitExceeded, which only its name catches', async () => {
  const Arguments = '{% $pad("", 262143) %}';
  const Caught = { Type: 'Pass', Output: 'caught', End: true };
  const catching = (name: string) => ({
    Big: task({ Arguments, Catch: [{ ErrorEquals: [name], Next: 'Caught' }] }),
    Caught,
  });
  expect((await run(catching('States.ALL'))).error).toBe('States.DataLimitExceeded');
  expect((await run(catching('States.DataLimitExceeded'))).output).toBe('caught');
});

test('a failed Task can be caught with Assign and Output that see the error output and the input', async () => {
  const { output, types } = await run(
    {
      A: task({
        Catch: [
          { ErrorEquals: ['Other'], Next: 'Never' },
          {
            ErrorEquals: ['Boom'],
            Assign: { why: '{% $states.errorOutput.Cause %}' },
            Output: { was: '{% $states.errorOutput.Error %}', input: '{% $states.input %}' },
            Next: 'Caught',
          },
        ],
      }),
      Never: { Type: 'Fail' },
      Caught: { Type: 'Pass', Output: '{% $merge([$states.input, {"why": $why}]) %}', End: true },
    },
    { input: 7, invoke: failing(['Boom']) },
  );
  expect(output).toEqual({ was: 'Boom', input: 7, why: 'cause of Boom' });
  expect(types).toContain('TaskStateExited');
});

test('a query that fails in Arguments, Output or Assign is an EvaluationFailed event and can be caught', async () => {
  const { output, events } = await run(
    {
      A: task({
        Output: { rows: [1, '{% $states.result.missing %}'] },
        Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'Caught' }],
      }),
      Caught: { Type: 'Pass', Output: '{% $states.input.Error %}', End: true },
    },
    { invoke: async () => ({}) },
  );
  expect(output).toBe('States.QueryEvaluationError');
  expect(eventOf(events, 'EvaluationFailed')['evaluationFailedEventDetails']).toEqual({
    error: 'States.QueryEvaluationError',
    cause:
      "An error occurred while executing the state 'A' (entered at the event id #2). The JSONata expression " +
      "'$states.result.missing' specified for the field 'Output/rows[1]' returned nothing (undefined).",
    location: 'Output/rows[1]',
    state: 'A',
  });
});
