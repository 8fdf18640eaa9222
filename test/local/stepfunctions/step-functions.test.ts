import { expect, test } from 'vitest';
import { type EndedExecution, type StatusChange, StepFunctions, VirtualClock } from '#local/stepfunctions/index.ts';
import { create, definitionOf, START, service, task } from '../../worlds/local/run-machine.ts';

const ROLE = 'arn:aws:iam::000000000000:role/test';
const succeed = definitionOf({ Done: { Type: 'Succeed' } });
const waiting = definitionOf({ Wait: { Type: 'Wait', Seconds: 60, End: true } });
const named = (name: string) => expect.objectContaining({ name });

test('a created machine is described and listed', () => {
  const { operations } = service();
  const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';
  const request = { name: 'm', definition: succeed, roleArn: ROLE };
  expect(operations.CreateStateMachine(request)).toEqual({ stateMachineArn, creationDate: START });
  expect(operations.DescribeStateMachine({ stateMachineArn })).toEqual({
    stateMachineArn,
    name: 'm',
    definition: succeed,
    roleArn: ROLE,
    creationDate: START,
    status: 'ACTIVE',
    type: 'STANDARD',
  });
  expect(operations.ListStateMachines({})).toEqual({
    stateMachines: [{ stateMachineArn, name: 'm', type: 'STANDARD', creationDate: START }],
  });
});

test('creating the same machine again changes nothing; another one under its name is refused', () => {
  const sfn = service();
  expect(create(sfn, succeed)).toBe(create(sfn, succeed));
  expect(() => create(sfn, waiting)).toThrow(named('StateMachineAlreadyExists'));
});

test('an express machine is refused by name', () => {
  const request = { name: 'm', definition: succeed, roleArn: ROLE, type: 'EXPRESS' };
  expect(() => service().operations.CreateStateMachine(request)).toThrow(named('StateMachineTypeNotSupported'));
});

test('an execution is described with its input, output and times', async () => {
  const sfn = service();
  const stateMachineArn = create(sfn, waiting);
  const executionArn = 'arn:aws:states:us-east-1:000000000000:execution:machine:one';
  const started = sfn.operations.StartExecution({ stateMachineArn, name: 'one', input: '{"a": 1}' });
  expect(started).toEqual({ executionArn, startDate: START });
  expect(sfn.operations.DescribeExecution({ executionArn })).toMatchObject({ status: 'RUNNING', input: '{"a": 1}' });
  expect(await sfn.finished(executionArn)).toEqual({
    executionArn,
    stateMachineArn,
    name: 'one',
    status: 'SUCCEEDED',
    startDate: START,
    stopDate: new Date(START.getTime() + 60_000),
    input: '{"a": 1}',
    inputDetails: { included: true },
    output: '{"a":1}',
    outputDetails: { included: true },
    redriveCount: 0,
  });
});

test('starting again with the same name and input while it runs gives the same execution', async () => {
  const sfn = service();
  const stateMachineArn = create(sfn, waiting);
  const start = (input: string) => sfn.operations.StartExecution({ stateMachineArn, name: 'one', input });
  const first = start('{}');
  expect(start('{}')).toEqual(first);
  expect(() => start('{"other":1}')).toThrow(named('ExecutionAlreadyExists'));
  await sfn.finished(first.executionArn);
  expect(() => start('{}')).toThrow(named('ExecutionAlreadyExists'));
});

test('a start without name and input gets a name of its own and {}', async () => {
  const sfn = service();
  const { executionArn } = sfn.operations.StartExecution({ stateMachineArn: create(sfn, succeed) });
  expect(await sfn.finished(executionArn)).toMatchObject({
    input: '{}',
    name: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

test.each([
  [{ name: 'with space' }, 'InvalidName'],
  [{ name: 'a/b' }, 'InvalidName'],
  [{ name: '' }, 'InvalidName'],
  [{ name: 'x'.repeat(81) }, 'InvalidName'],
  [{ input: '{' }, 'InvalidExecutionInput'],
  [{ input: JSON.stringify('x'.repeat(262_144)) }, 'InvalidExecutionInput'],
  [{ stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:none' }, 'StateMachineDoesNotExist'],
  [{ stateMachineArn: undefined }, 'ValidationException'],
])('StartExecution with %j is refused', (request, code) => {
  const sfn = service();
  const start = { stateMachineArn: create(sfn, succeed), ...request } as { stateMachineArn: string };
  expect(() => sfn.operations.StartExecution(start)).toThrow(named(code));
});

test('operations on an execution that does not exist are refused', () => {
  const { operations } = service();
  const executionArn = 'arn:aws:states:us-east-1:000000000000:execution:machine:none';
  for (const name of ['DescribeExecution', 'GetExecutionHistory', 'StopExecution'] as const) {
    expect(() => operations[name]({ executionArn })).toThrow(named('ExecutionDoesNotExist'));
  }
});

test('a stopped execution is ABORTED with the error and cause given; stopping again changes nothing', async () => {
  const sfn = service();
  const { executionArn } = sfn.operations.StartExecution({ stateMachineArn: create(sfn, waiting) });
  const stopped = sfn.operations.StopExecution({ executionArn, error: 'Enough', cause: 'by hand' });
  expect(stopped).toEqual({ stopDate: START });
  expect(await sfn.finished(executionArn)).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'by hand' });
  expect(sfn.operations.StopExecution({ executionArn, error: 'Other' })).toEqual(stopped);
  const { events } = sfn.operations.GetExecutionHistory({ executionArn });
  expect(events.map(({ type }) => type)).toEqual(['ExecutionStarted', 'WaitStateEntered', 'ExecutionAborted']);
  expect(events[2]).toMatchObject({ executionAbortedEventDetails: { error: 'Enough', cause: 'by hand' } });
});

test('executions are listed newest first, by status, page by page', async () => {
  const sfn = service();
  const [quick, slow] = [create(sfn, succeed, 'quick'), create(sfn, waiting, 'slow')];
  const start = (stateMachineArn: string, name: string) => sfn.operations.StartExecution({ stateMachineArn, name });
  for (const name of ['one', 'two', 'three']) await sfn.finished(start(quick, name).executionArn);
  start(slow, 'running');
  const list = (request: object) => sfn.operations.ListExecutions({ stateMachineArn: quick, ...request });
  const first = list({ maxResults: 2 });
  expect(first.executions.map(({ name }) => name)).toEqual(['three', 'two']);
  expect(list({ maxResults: 2, nextToken: first.nextToken }).executions.map(({ name }) => name)).toEqual(['one']);
  expect(list({ statusFilter: 'RUNNING' }).executions).toEqual([]);
  expect(sfn.operations.ListExecutions({ stateMachineArn: slow, statusFilter: 'RUNNING' }).executions).toMatchObject([
    { name: 'running', status: 'RUNNING' },
  ]);
});

test('the history comes forward or backward, page by page, with or without data', async () => {
  const sfn = service({ invoke: async () => ({ secret: 1 }) });
  const { executionArn } = sfn.operations.StartExecution({ stateMachineArn: create(sfn, definitionOf({ T: task() })) });
  await sfn.finished(executionArn);
  const history = (request: object) => sfn.operations.GetExecutionHistory({ executionArn, ...request });
  const first = history({ maxResults: 4 });
  const rest = history({ maxResults: 4, nextToken: first.nextToken });
  expect([...first.events, ...rest.events].map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(rest.nextToken).toBeUndefined();
  expect(history({ reverseOrder: true, maxResults: 1 }).events).toMatchObject([{ id: 7, type: 'ExecutionSucceeded' }]);
  const bare = history({ includeExecutionData: false });
  expect(JSON.stringify(bare)).not.toContain('secret');
  expect(bare.events[6]).toMatchObject({ executionSucceededEventDetails: { outputDetails: { truncated: false } } });
});

test('every start and end is announced with the detail of an EventBridge event', async () => {
  const changes: StatusChange[] = [];
  const sfn = new StepFunctions({
    accountId: '000000000000',
    region: 'us-east-1',
    clock: new VirtualClock(START),
    invoke: () => Promise.reject({ error: 'Boom', cause: 'why' }),
    onStatusChange: (change) => changes.push(change),
  });
  const stateMachineArn = create(sfn, definitionOf({ T: task() }));
  const { executionArn } = sfn.operations.StartExecution({ stateMachineArn, name: 'one' });
  await sfn.finished(executionArn);
  const common = { executionArn, stateMachineArn, name: 'one', startDate: START.getTime(), input: '{}', output: null };
  expect(changes).toEqual([
    { ...common, status: 'RUNNING', stopDate: null, error: null, cause: null },
    { ...common, status: 'FAILED', stopDate: START.getTime(), error: 'Boom', cause: 'why' },
  ]);
});

test('ended executions survive JSON and are known to a later service', async () => {
  const before = service();
  const stateMachineArn = create(before, succeed);
  const { executionArn } = before.operations.StartExecution({ stateMachineArn, name: 'one' });
  await before.finished(executionArn);
  before.operations.StartExecution({ stateMachineArn: create(before, waiting, 'other') });
  const kept = before.executions();
  expect(kept).toHaveLength(1);

  const after = service();
  create(after, succeed);
  after.restore(JSON.parse(JSON.stringify(kept)) as EndedExecution[]);
  expect(await after.finished(executionArn)).toEqual(await before.finished(executionArn));
  expect(after.operations.GetExecutionHistory({ executionArn })).toEqual(
    before.operations.GetExecutionHistory({ executionArn }),
  );
  expect(after.operations.ListExecutions({ stateMachineArn }).executions).toHaveLength(1);
  expect(() => after.operations.StartExecution({ stateMachineArn, name: 'one' })).toThrow(
    named('ExecutionAlreadyExists'),
  );
});
