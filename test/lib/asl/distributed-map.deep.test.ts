/** 5,000 items through the compiled machine, the runtime, the ledger in S3 and what end tells of the run. */
import { SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { alertOf } from '#lambdas/run/alert.ts';
import { implement } from '#lambdas/runtime/implement.ts';
import { openServices, type Services } from '#lambdas/runtime/services.ts';
import { compile } from '#lib/asl/index.ts';
import type { Run } from '#lib/contract/envelope.ts';
import { Skipped, Terminal, Transient } from '#lib/contract/errors.ts';
import { taskType } from '#lib/contract/task-type.ts';
import { Dag } from '#lib/dag/index.ts';
import { executionsOf } from '#lib/runs/executions.ts';
import { jsonHandler } from '#local/endpoint/json-protocol.ts';
import { s3Objects } from '#local/state-machines/objects.ts';
import { StepFunctions } from '#local/stepfunctions/index.ts';
import { type Aws, BUCKET, openAws } from '../../worlds/aws.ts';
import { someRun } from '../../worlds/events.ts';

const ITEMS = 5000;
const [FAILING, SKIPPED, RETRIED] = [12, 40, 7];

const list = taskType('list', {
  input: z.object({}),
  output: z.object({ org: z.string(), names: z.array(z.string()) }),
});
const extract = taskType('extract', {
  input: z.object({ org: z.string(), name: z.string(), day: z.string() }),
  output: z.object({ name: z.string(), padding: z.string() }),
});
const collect = taskType('collect', {
  input: z.object({ from: z.array(extract.type.output) }),
  output: z.object({ count: z.int(), last: z.string().optional() }),
});

const dag = new Dag('many', { schedule: null, startDate: '2026-01-01', defaults: { retries: 1, retryDelay: '1s' } });
const listed = dag.task('list', list({}));
const extracted = dag.map(
  'extract',
  listed.output.names,
  (name) => extract({ org: listed.output.org, name, day: dag.run.logicalDate }),
  { maxItems: ITEMS, maxConcurrency: 40 },
);
dag.task('collect', collect({ from: extracted.output }));

/** How long the list is, whether the source is mended, and the attempts that came to work. */
const world = { items: ITEMS, isMended: false, worked: [] as string[] };
const nameOf = (index: number) => `repository-${'x'.repeat(80)}-${index}`;

let aws: Aws;
let services: Services;
let stepFunctions: StepFunctions;
let client: SFNClient;
beforeAll(async () => {
  aws = await openAws();
  services = openServices({ SLUICE_BUCKET: BUCKET, SLUICE_CONNECTIONS: {}, LAMBDA_TASK_ROOT: '.' });
  const handlers: Readonly<Record<string, (event: unknown) => Promise<unknown>>> = {
    list: implement(
      list,
      async () => ({ org: 'acme', names: Array.from({ length: world.items }, (_, index) => nameOf(index)) }),
      () => services,
    ),
    extract: implement(extract, work, () => services),
    collect: implement(
      collect,
      async ({ from }) => ({ count: from.length, last: from.at(-1)?.name }),
      () => services,
    ),
    begin: async () => run,
  };
  stepFunctions = new StepFunctions({
    accountId: '000000000000',
    region: 'us-east-1',
    objects: s3Objects(aws.endpoint.url),
    invoke: async ({ arguments: given }) => {
      const { FunctionName = '', Payload } = given as { FunctionName?: string; Payload?: unknown };
      const answer = handlers[FunctionName.split(':').at(-1) ?? '']?.(JSON.parse(JSON.stringify(Payload)));
      const failed = ({ name, message }: Error) => {
        throw { error: name, cause: JSON.stringify({ errorMessage: message }) };
      };
      return { Payload: JSON.parse(JSON.stringify(await answer?.catch(failed))) };
    },
  });
  aws.endpoint.handlers.set('states', jsonHandler('states', stepFunctions.operations));
  client = new SFNClient();
  const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
  const definition = JSON.stringify(
    compile(dag.graph(), { functionArn, begin: functionArn('begin'), machineArn: functionArn }),
  );
  stepFunctions.operations.CreateStateMachine({ name: 'Sluice-many', definition, roleArn: 'arn:role' });
});
afterAll(async () => {
  client.destroy();
  await aws.close();
});

let run: Run;
beforeEach(() => {
  run = someRun();
  Object.assign(world, { items: ITEMS, isMended: false, worked: [] });
});

async function work(
  { name, org, day }: z.output<typeof extract.type.input>,
  { task }: { task: { index?: number | undefined; attempt: number } },
) {
  world.worked.push(`${task.index}/${task.attempt}`);
  const { index = -1 } = task;
  expect([name, org, day]).toEqual([nameOf(index), 'acme', run.logicalDate]);
  if (index % 400 === 0 && index < FAILING * 400 && !world.isMended) throw new Terminal(`${name} is refused`);
  if (index % 100 === 1 && index < SKIPPED * 100) throw new Skipped('Nothing is new.');
  if (index === RETRIED && task.attempt === 1) throw new Transient('reset');
  return { name, padding: 'x'.repeat(1000) };
}

async function execute() {
  const [{ stateMachineArn = '' } = {}] = stepFunctions.operations.ListStateMachines({}).stateMachines;
  const { executionArn } = stepFunctions.operations.StartExecution({ stateMachineArn, input: '{}' });
  const { status, output, cause } = await stepFunctions.finished(executionArn);
  const { events } = stepFunctions.operations.GetExecutionHistory({ executionArn, maxResults: 1000 });
  return { executionArn, status, tasks: JSON.parse(output ?? cause ?? ''), events };
}

test('5,000 items whose list no payload holds: failed ones fail the task, and the next execution does only what is left', async () => {
  const first = await execute();
  expect(first).toMatchObject({
    status: 'FAILED',
    tasks: { list: 'success', extract: 'failed', collect: 'upstream_failed' },
  });
  expect(world.worked).toHaveLength(ITEMS + 1);
  expect(first.events.length).toBeLessThan(40);

  const failures = await executionsOf(client).failures(first.executionArn);
  expect(failures.maps).toMatchObject([{ task: 'extract', items: ITEMS, ended: ITEMS, failed: FAILING }]);
  const ended = { status: 'FAILED' as const, startedAt: '2026-11-20T10:00:00Z', stoppedAt: '2026-11-20T10:00:00Z' };
  const { message } = alertOf({
    execution: first.executionArn,
    stack: undefined,
    ended,
    record: undefined,
    failures,
  });
  expect(
    message.match(/^- extract \(item \d+\), attempt 1: Sluice.Terminal: repository-x+-\d+ is refused$/gm),
  ).toHaveLength(10);
  expect(message).toContain('- extract: 12 of its 5000 items failed');

  Object.assign(world, { isMended: true, worked: [] });
  const second = await execute();
  expect(second).toMatchObject({
    status: 'SUCCEEDED',
    tasks: { list: 'success', extract: 'success', collect: 'success' },
  });
  // What skipped itself has its result too.
  expect(world.worked).toHaveLength(FAILING);
  const [collected] = second.events
    .flatMap(({ type, ...event }) => (type === 'TaskSucceeded' ? [JSON.stringify(event)] : []))
    .slice(-1);
  expect(collected).toContain(`\\"count\\":${ITEMS - SKIPPED}`);
  expect(collected).toContain(nameOf(ITEMS - 1));
});

test('a list longer than maxItems fails by name, and no item runs', async () => {
  world.items = ITEMS + 1;
  const { executionArn, tasks } = await execute();
  expect(tasks).toEqual({ list: 'success', extract: 'failed', collect: 'upstream_failed' });
  expect(world.worked).toEqual([]);
  const { tries } = await executionsOf(client).failures(executionArn);
  expect(tries).toMatchObject([
    { task: 'extract', cause: expect.stringContaining('extract has 5001 items, more than its maxItems: 5000') },
  ]);
});
