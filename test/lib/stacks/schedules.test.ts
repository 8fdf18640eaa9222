import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stars } from '../../worlds/pipeline-of-tests.ts';
import { ofType, refusal, type Synthesized, synthesized, type Template } from '../../worlds/synthesized.ts';

const ofStars = ({ templates }: Synthesized) => templates['Sluice-stars'] as Template;

test('in another zone than UTC a schedule of EventBridge Scheduler starts the machine, in a role of its own', async () => {
  const app = await synthesized({
    pipelines: stars({ options: { schedule: '30 6 * * 1', timeZone: 'Europe/Madrid' } }),
  });
  app.remove();
  const template = ofStars(app);
  const [[id, schedule] = []] = Object.entries(ofType(template, 'AWS::Scheduler::Schedule'));
  expect(id).toBe('Schedule');
  const roleName = schedule?.Properties.Target.RoleArn['Fn::GetAtt'][0];
  const [machine] = Object.keys(ofType(template, 'AWS::StepFunctions::StateMachine'));
  const queue = { 'Fn::GetAtt': [expect.stringMatching(/^DeadLetters/), 'Arn'] };
  expect(schedule?.Properties).toEqual({
    ScheduleExpression: 'cron(30 6 ? * 2 *)',
    ScheduleExpressionTimezone: 'Europe/Madrid',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: { Ref: machine },
      RoleArn: { 'Fn::GetAtt': [roleName, 'Arn'] },
      Input: '{"tick":"<aws.scheduler.scheduled-time>"}',
      DeadLetterConfig: { Arn: queue },
    },
  });
  const { AssumeRolePolicyDocument, Policies } = template.Resources[roleName]?.Properties ?? {};
  expect(AssumeRolePolicyDocument.Statement).toEqual([
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'scheduler.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    },
  ]);
  expect(Policies[0].PolicyDocument.Statement).toEqual([
    { Effect: 'Allow', Action: 'states:StartExecution', Resource: { Ref: machine } },
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue },
  ]);
  expect(Object.keys(ofType(template, 'AWS::Events::Rule'))).toEqual([expect.stringMatching(/^Ended/)]);
});

test.each([
  ['UTC', 'AWS::Events::Rule'],
  ['Asia/Tokyo', 'AWS::Scheduler::Schedule'],
])('days of the month and of the week are two schedules in %s', async (timeZone, type) => {
  const app = await synthesized({ pipelines: stars({ options: { schedule: '0 6 1 * 1', timeZone } }) });
  app.remove();
  const schedules = Object.entries(ofType(ofStars(app), type)).filter(([id]) => id.startsWith('Schedule'));
  expect(schedules.map(([, { Properties }]) => Properties.ScheduleExpression)).toEqual([
    'cron(0 6 1 * ? *)',
    'cron(0 6 ? * 2 *)',
  ]);
});

const caughtUp = (endDate: string) => stars({ options: { startDate: '2020-01-01', endDate, catchup: true } });

test('catchup is told with its runs and what they cost; more than 500 runs want a confirmation', async () => {
  const few = await synthesized({ pipelines: caughtUp('2020-12-31') });
  const told = readFileSync(join(few.directory, 'Sluice-stars.metadata.json'), 'utf8');
  few.remove();
  expect(told).toMatch(/catchup: 366 runs since 2020-01-01, 1 at a time: about \$\d+\.\d\d for transitions/);
  expect(await refusal({ pipelines: caughtUp('2022-12-31') })).toMatch(
    /The pipeline 'stars' has catchup: 1,096 runs since 2020-01-01.*name it in confirmedCatchups/,
  );
  const context = { confirmedCatchups: 'stars' };
  const confirmed = await synthesized({ pipelines: caughtUp('2022-12-31'), context });
  confirmed.remove();
  const dag = JSON.parse(String(ofStars(confirmed).Outputs['Dag']?.Value));
  expect(dag).toMatchObject({ dagId: 'stars', startDate: '2020-01-01', endDate: '2022-12-31', catchup: true });
});
