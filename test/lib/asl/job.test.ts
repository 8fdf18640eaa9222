import { expect, test } from 'vitest';
import * as z from 'zod';
import { jobType } from '#lib/contract/task-type.ts';
import { Dag } from '#lib/dag/index.ts';
import { pipeline } from '#sluice';
import { glueJob } from '#tasks/glue-job/task.ts';
import { triggerPipeline } from '#tasks/trigger-pipeline/task.ts';
import { compiled, graphOf } from '../../worlds/machines.ts';
import { newDag, probe, to } from '../../worlds/probe.ts';

test('a job is a state that hands it to its service, with the service’s own names, and waits for its end', () => {
  const dag = newDag();
  const job = glueJob({ JobName: 'sessions', Arguments: { '--date': dag.run.logicalDate } });
  const sessions = dag.task('sessions', job, { timeout: '2h', retries: 1, retryDelay: '30s' });
  dag.task('told', probe({ note: sessions.output.Id, to }));
  const machine = compiled(dag.graph());
  expect(machine.States['sessions']).toEqual({
    Type: 'Task',
    Resource: 'arn:aws:states:::glue:startJobRun.sync',
    TimeoutSeconds: 7200,
    Arguments: '{% {"JobName": "sessions", "Arguments": {"--date": $run.logicalDate}} %}',
    Retry: [
      {
        ErrorEquals: [
          'Sluice.Terminal',
          'Sluice.NoSnapshot',
          'Sluice.Skipped',
          'Sluice.SensorTimeout',
          'States.QueryEvaluationError',
          'States.DataLimitExceeded',
        ],
        MaxAttempts: 0,
      },
      { ErrorEquals: ['States.ALL'], IntervalSeconds: 30, MaxDelaySeconds: 300, MaxAttempts: 1 },
    ],
    Catch: expect.any(Array),
    Assign: { o_sessions: '{% {"Id": $states.result.Id} %}' },
    Output: expect.any(String),
    Next: 'told',
  });
  // Two tries of two hours, and up to ten retry delays between them.
  expect(machine.TimeoutSeconds).toBe(86_400 + 2 * 7200 + 300);
});

test('a run outlives every try of its jobs and callback tasks', async () => {
  const hours = { timeoutSeconds: 30 * 3600 };
  const job = { resource: 'glue:startJobRun.sync', arguments: {}, output: [], ...hours };
  const callback = { heartbeatSeconds: null, ...hours };
  for (const kind of [{ job }, { callback }]) {
    const graph = graphOf([
      { id: 'long', retries: 2, retryDelaySeconds: 3600, ...kind },
      { id: 'next', upstream: ['long'] },
    ]);
    expect(compiled(graph).TimeoutSeconds).toBeGreaterThan(3 * hours.timeoutSeconds);
  }
});

test('a job has a day where nothing else is said', () => {
  const dag = newDag();
  dag.task('sessions', glueJob({ JobName: 'sessions' }));
  expect(dag.graph().tasks[0]?.job?.timeoutSeconds).toBe(86_400);
});

test('another pipeline is triggered by its state machine’s ARN, for the date and params that the task gives', () => {
  const dag = new Dag('test', { schedule: null, startDate: '2026-01-01' });
  const date = dag.run.logicalDate;
  dag.task('stars', triggerPipeline({ pipeline: pipeline('stars'), logicalDate: date, params: { org: 'acme' } }));
  expect(compiled(dag.graph()).States['stars']).toMatchObject({
    Resource: 'arn:aws:states:::states:startExecution.sync:2',
    Arguments:
      '{% {"StateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:stars", "Input": ' +
      '{"clear": "all", "wait": true, "logicalDate": $run.logicalDate, "params": {"org": "acme"}}} %}',
  });
});

test('what a job’s rights follow from must be written out', () => {
  const dag = newDag();
  const named = dag.task('named', probe({ to }));
  dag.task('sessions', glueJob({ JobName: named.output.kind }), { timeout: '31d' });
  expect(() => dag.graph()).toThrow(
    "sessions: timeout: '31d' is longer than 30 days\n" +
      "  - sessions: JobName must be written out: the task's rights follow from it",
  );
});

test('a job’s events count: it is submitted besides', () => {
  const job = { resource: 'glue:startJobRun.sync', arguments: {}, output: [], timeoutSeconds: 60 };
  const many = Array.from({ length: 4000 }, (_, n) => ({ id: `j${n}`, job, upstream: n > 0 ? [`j${n - 1}`] : [] }));
  expect(() => compiled(graphOf(many))).toThrow(/a run can reach 25\d{3} events|the definition has/);
});

test('a job type takes its input as it is where it says nothing else', () => {
  const crawl = jobType('crawl', {
    resource: 'glue:startCrawler.sync',
    input: z.object({ Name: z.string() }),
    output: z.object({}),
  });
  expect(crawl({ Name: 'x' }).type.integration?.arguments({ Name: 'x' })).toEqual({ Name: 'x' });
});
