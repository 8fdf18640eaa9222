import { expect, test, vi } from 'vitest';
import { Events } from '#local/events/events.ts';
import { publishStatus } from '#local/events/execution-status.ts';
import { ruleOf, scheduleOf } from '#local/events/rules.ts';

interface Delivery {
  readonly to: string;
  readonly input: Record<string, unknown>;
}

function recorded(refuse: (arn: string) => boolean = () => false) {
  const deliveries: Delivery[] = [];
  const events = new Events(async (to, payload) => {
    if (refuse(to)) throw new Error('gone');
    deliveries.push({ to, input: JSON.parse(payload) });
  });
  return { events, deliveries };
}

const identity = { name: 'rule', arn: 'arn:rule' };
const TARGET = { Arn: 'arn:target', Id: 'a' };
const execution = {
  executionArn: 'arn:e',
  stateMachineArn: 'arn:m',
  name: 'e',
  status: 'SUCCEEDED',
  startDate: Date.parse('2026-11-20T00:00:00Z'),
  stopDate: Date.parse('2026-11-20T00:00:01.500Z'),
  input: '{}',
  output: '{"a":1}',
  error: null,
  cause: null,
};

test('the end of an execution reaches the targets of matching rules, as EventBridge tells it', async () => {
  const { events, deliveries } = recorded();
  events.put(ruleOf(identity, { EventPattern: { detail: { status: ['SUCCEEDED'] } }, Targets: [TARGET] }));
  events.put(
    ruleOf({ ...identity, name: 'other' }, { EventPattern: { detail: { status: ['FAILED'] } }, Targets: [TARGET] }),
  );

  publishStatus(events, execution);
  await events.drain();

  expect(deliveries).toEqual([
    {
      to: 'arn:target',
      input: {
        version: '0',
        id: expect.any(String),
        'detail-type': 'Step Functions Execution Status Change',
        source: 'aws.states',
        account: '000000000000',
        time: '2026-11-20T00:00:01Z',
        region: 'us-east-1',
        resources: ['arn:e'],
        detail: {
          executionArn: 'arn:e',
          stateMachineArn: 'arn:m',
          name: 'e',
          status: 'SUCCEEDED',
          startDate: Date.parse('2026-11-20T00:00:00Z'),
          stopDate: Date.parse('2026-11-20T00:00:01.500Z'),
          input: '{}',
          inputDetails: { included: true },
          output: '{"a":1}',
          outputDetails: { included: true },
          error: null,
          cause: null,
        },
      },
    },
  ]);
});

test('input and output that are too large together are left out of the event', async () => {
  const { events, deliveries } = recorded();
  events.put(ruleOf(identity, { EventPattern: { source: ['aws.states'] }, Targets: [TARGET] }));

  publishStatus(events, { ...execution, output: JSON.stringify('x'.repeat(250 * 1024)) });
  await events.drain();

  expect(deliveries[0]?.input['detail']).toMatchObject({ output: null, outputDetails: { included: false } });
});

test('a disabled rule gets nothing', async () => {
  const { events, deliveries } = recorded();
  events.put(ruleOf(identity, { State: 'DISABLED', EventPattern: { source: ['aws.states'] }, Targets: [TARGET] }));

  publishStatus(events, execution);
  await events.drain();

  expect(deliveries).toEqual([]);
});

test('what a target does not take goes to its dead-letter queue', async () => {
  vi.spyOn(console, 'error').mockImplementationOnce(() => {});
  const { events, deliveries } = recorded((to) => to === 'arn:target');
  const target = { ...TARGET, DeadLetterConfig: { Arn: 'arn:queue' } };
  events.put(ruleOf(identity, { EventPattern: { source: ['aws.states'] }, Targets: [target] }));

  publishStatus(events, execution);
  await events.drain();

  expect(deliveries.map(({ to }) => to)).toEqual(['arn:queue']);
});

test('a fired rule gives its target the time of the tick', async () => {
  const { events, deliveries } = recorded();
  const InputTransformer = { InputPathsMap: { t: '$.time' }, InputTemplate: '{"tick":<t>}' };
  events.put(ruleOf(identity, { ScheduleExpression: 'cron(0 2 * * ? *)', Targets: [{ ...TARGET, InputTransformer }] }));

  events.fire('rule', new Date('2026-11-20T02:00:00Z'));
  await events.drain();

  expect(deliveries[0]?.input).toEqual({ tick: '2026-11-20T02:00:00Z' });
});

const SCHEDULE = {
  ScheduleExpression: 'cron(30 6 ? * 2 *)',
  ScheduleExpressionTimezone: 'Europe/Madrid',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: 'arn:target', RoleArn: 'arn:role', DeadLetterConfig: { Arn: 'arn:queue' } },
};

test('a schedule without a role, or with a flexible time window, is refused by its name', () => {
  const { RoleArn: _, ...roleless } = SCHEDULE.Target;
  expect(() => scheduleOf(identity, { ...SCHEDULE, Target: roleless })).toThrow(/The schedule rule cannot.*RoleArn/s);
  const flexible = { ...SCHEDULE, FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 } };
  expect(() => scheduleOf(identity, flexible)).toThrow(/no flexible time windows/);
});

test('what a schedule cannot deliver goes to its queue of dead letters', async () => {
  const { events, deliveries } = recorded((to) => to === 'arn:target');
  const Input = '{"tick":"<aws.scheduler.scheduled-time>"}';
  events.put(scheduleOf(identity, { ...SCHEDULE, Target: { ...SCHEDULE.Target, Input } }));
  events.fire('rule', new Date('2026-11-20T02:00:00Z'));
  await events.drain();
  expect(deliveries).toEqual([{ to: 'arn:queue', input: { tick: '2026-11-20T02:00:00Z' } }]);
});

test("a fired schedule fills the Scheduler's placeholders", async () => {
  const { events, deliveries } = recorded();
  const Input = '{"tick":"<aws.scheduler.scheduled-time>"}';
  events.put(scheduleOf(identity, { ...SCHEDULE, Target: { ...SCHEDULE.Target, Input } }));

  events.fire('rule', new Date('2026-11-20T02:00:00Z'));
  await events.drain();

  expect(deliveries[0]?.input).toEqual({ tick: '2026-11-20T02:00:00Z' });
});

test('firing what is no schedule names those that are', () => {
  const { events } = recorded();
  events.put(ruleOf({ ...identity, name: 'daily' }, { ScheduleExpression: 'rate(1 day)' }));

  expect(() => events.fire('hourly', new Date())).toThrow('There is no schedule hourly. There is daily.');
});

test('a rule whose pattern cannot be matched faithfully is refused', () => {
  expect(() => ruleOf(identity, { EventPattern: { a: [{ numeric: ['>', 1] }] } })).toThrow(
    'The event pattern of the rule rule uses the matcher numeric',
  );
});
