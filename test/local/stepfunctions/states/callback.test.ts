import { expect, test } from 'vitest';
import { type Invoke, type StepFunctions, VirtualClock } from '#local/stepfunctions/index.ts';
import { create, definitionOf, eventOf, LAMBDA, START, service, task } from '../../../worlds/local/run-machine.ts';

const waiting = (fields: object = {}) =>
  task({
    Resource: `${LAMBDA}.waitForTaskToken`,
    Arguments: { Payload: { token: '{% $states.context.Task.Token %}' } },
    ...fields,
  });

type Answer = (operations: StepFunctions['operations'], taskToken: string, clock: VirtualClock) => unknown;

/** Runs the states; each Task's work takes a second and then calls the service with its token. */
async function run(states: Record<string, unknown>, answer: Answer) {
  const clock = new VirtualClock(START);
  const tokens: string[] = [];
  const resources: string[] = [];
  const invoke: Invoke = async ({ arguments: given, resource, signal }) => {
    const { token } = (given as { Payload: { token: string } }).Payload;
    tokens.push(token);
    resources.push(resource);
    await clock.sleep(1000, signal);
    void answer(sfn.operations, token, clock);
    return { StatusCode: 200 };
  };
  const sfn = service({ clock, invoke });
  const stateMachineArn = create(sfn, definitionOf(states));
  const { executionArn } = sfn.operations.StartExecution({ stateMachineArn });
  const { output, error, cause } = await sfn.finished(executionArn);
  const { events } = sfn.operations.GetExecutionHistory({ executionArn });
  const seconds = (clock.now().getTime() - START.getTime()) / 1000;
  return { sfn, tokens, resources, output, error, cause, events, types: events.map(({ type }) => type), seconds };
}

const later = async (clock: VirtualClock, seconds: number) => clock.sleep(seconds * 1000, new AbortController().signal);
const named = (name: string) => expect.objectContaining({ name });

test('a Task waits until its token comes back with the output', async () => {
  const { output, events, types, resources, seconds } = await run(
    { A: waiting() },
    async (operations, taskToken, clock) => {
      await later(clock, 3600);
      expect(operations.SendTaskSuccess({ taskToken, output: '{"rows":3}' })).toEqual({});
    },
  );
  expect(output).toBe('{"rows":3}');
  expect(seconds).toBe(3601);
  expect(resources).toEqual([LAMBDA]);
  expect(types).toEqual([
    'ExecutionStarted',
    ...['TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded', 'TaskStateExited'],
    'ExecutionSucceeded',
  ]);
  const of = { resourceType: 'lambda', resource: 'invoke.waitForTaskToken' };
  expect(eventOf(events, 'TaskSubmitted')['taskSubmittedEventDetails']).toMatchObject({
    ...of,
    output: '{"StatusCode":200}',
  });
  expect(eventOf(events, 'TaskSucceeded')['taskSucceededEventDetails']).toMatchObject({ ...of, output: '{"rows":3}' });
});

test('a token may come back before the work that handed it over has answered', async () => {
  const { output } = await run({ A: waiting() }, (operations, taskToken) =>
    operations.SendTaskSuccess({ taskToken, output: '"early"' }),
  );
  expect(output).toBe('"early"');
});

test('SendTaskFailure fails the Task with its error and cause, which Catch sees', async () => {
  const fail: Answer = (operations, taskToken) =>
    operations.SendTaskFailure({ taskToken, error: 'Refused', cause: 'not today' });
  const failed = await run({ A: waiting() }, fail);
  expect([failed.error, failed.cause]).toEqual(['Refused', 'not today']);
  expect(failed.types.slice(-3)).toEqual(['TaskSubmitted', 'TaskFailed', 'ExecutionFailed']);
  const Catch = [{ ErrorEquals: ['Refused'], Next: 'Caught' }];
  const caught = await run({ A: waiting({ Catch }), Caught: { Type: 'Pass', End: true } }, fail);
  expect(caught.output).toBe('{"Error":"Refused","Cause":"not today"}');
});

test('a failure without error and cause fails the Task, too', async () => {
  const { error, types } = await run({ A: waiting() }, (operations, taskToken) =>
    operations.SendTaskFailure({ taskToken }),
  );
  expect(error).toBeUndefined();
  expect(types).toContain('TaskFailed');
});

test('each attempt has a token of its own', async () => {
  const Retry = [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }];
  const seen = new Set<string>();
  const { output } = await run({ A: waiting({ Retry }) }, (operations, taskToken) => {
    seen.add(taskToken);
    if (seen.size === 1) operations.SendTaskFailure({ taskToken, error: 'First' });
    else operations.SendTaskSuccess({ taskToken, output: '2' });
  });
  expect(seen.size).toBe(2);
  expect(output).toBe('2');
});

test('a token that does not come back ends with TimeoutSeconds', async () => {
  const { error, types, seconds } = await run({ A: waiting({ TimeoutSeconds: 60 }) }, () => {});
  expect([error, seconds]).toEqual(['States.Timeout', 60]);
  expect(types.slice(-3)).toEqual(['TaskSubmitted', 'TaskTimedOut', 'ExecutionFailed']);
});

test('heartbeats keep a Task waiting, their absence ends it, as recorded on AWS with States.Timeout', async () => {
  const beat: Answer = async (operations, taskToken, clock) => {
    for (let i = 0; i < 3; i++) {
      await later(clock, 8);
      expect(operations.SendTaskHeartbeat({ taskToken })).toEqual({});
    }
  };
  const { error, types, seconds } = await run({ A: waiting({ HeartbeatSeconds: 10, TimeoutSeconds: 600 }) }, beat);
  expect([error, seconds]).toEqual(['States.Timeout', 35]);
  expect(types).toContain('TaskTimedOut');
});

test('a missing heartbeat inside a Map is caught around it under both names', async () => {
  const ItemProcessor = { StartAt: 'A', States: { A: waiting({ HeartbeatSeconds: 10 }) } };
  for (const name of ['States.Timeout', 'States.HeartbeatTimeout']) {
    const Catch = [{ ErrorEquals: [name], Next: 'Caught' }];
    const states = {
      M: { Type: 'Map', Items: [1], ItemProcessor, Catch, End: true },
      Caught: { Type: 'Pass', End: true },
    };
    expect((await run(states, () => {})).output).toBe('{"Error":"States.Timeout"}');
  }
});

test('a token that was given up is told as timed out', async () => {
  const { sfn, tokens } = await run({ A: waiting({ TimeoutSeconds: 5 }) }, () => {});
  const [taskToken = ''] = tokens;
  const { SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat } = sfn.operations;
  expect(() => SendTaskSuccess({ taskToken, output: '1' })).toThrow(named('TaskTimedOut'));
  expect(() => SendTaskFailure({ taskToken })).toThrow(named('TaskTimedOut'));
  expect(() => SendTaskHeartbeat({ taskToken })).toThrow(named('TaskTimedOut'));
});

test('a token comes back once', async () => {
  const { output, cause } = await run({ A: waiting() }, (operations, taskToken) => {
    operations.SendTaskSuccess({ taskToken, output: '1' });
    expect(() => operations.SendTaskSuccess({ taskToken, output: '2' })).toThrow(named('TaskTimedOut'));
  });
  expect([output, cause]).toEqual(['1', undefined]);
});

test('a stopped execution takes its tokens with it', async () => {
  const tokens: string[] = [];
  const sfn = service({
    invoke: async ({ context }) => void tokens.push((context['Task'] as { Token: string }).Token),
  });
  const { executionArn } = sfn.operations.StartExecution({
    stateMachineArn: create(sfn, definitionOf({ A: waiting() })),
  });
  await new Promise(setImmediate);
  sfn.operations.StopExecution({ executionArn });
  await new Promise(setImmediate);
  expect(tokens).toHaveLength(1);
  expect(() => sfn.operations.SendTaskHeartbeat({ taskToken: tokens[0] ?? '' })).toThrow(named('TaskTimedOut'));
});

test('what is no token, or one of an execution that is not known, is told apart', async () => {
  const sfn = service();
  const { tokens } = await run({ A: waiting({ TimeoutSeconds: 5 }) }, () => {});
  expect(() => sfn.operations.SendTaskSuccess({ taskToken: 'x', output: '1' })).toThrow(named('InvalidToken'));
  expect(() => sfn.operations.SendTaskSuccess({ taskToken: tokens[0] ?? '', output: '1' })).toThrow(
    named('TaskDoesNotExist'),
  );
});

test.each([
  ['{', 'not JSON'],
  [`"${'x'.repeat(262_143)}"`, 'the limit is 262144'],
])('an output that no state may have is refused, and the token stays valid', async (output, message) => {
  const ended = await run({ A: waiting() }, (operations, taskToken) => {
    expect(() => operations.SendTaskSuccess({ taskToken, output })).toThrow(named('InvalidOutput'));
    expect(() => operations.SendTaskSuccess({ taskToken, output })).toThrow(message);
    operations.SendTaskSuccess({ taskToken, output: '"good"' });
  });
  expect(ended.output).toBe('"good"');
});

test('only a Task that waits for it sees a token', async () => {
  const seen: boolean[] = [];
  const sfn = service({ invoke: async ({ context }) => void seen.push('Task' in context) });
  const { executionArn } = sfn.operations.StartExecution({ stateMachineArn: create(sfn, definitionOf({ A: task() })) });
  await sfn.finished(executionArn);
  expect(seen).toEqual([false]);
});
