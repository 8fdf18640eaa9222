import { expect, test } from 'vitest';
import { childrenOf, distributed, pass, writer } from '../../../worlds/local/distributed.ts';
import { memory } from '../../../worlds/local/objects.ts';
import { failing, run, START, task } from '../../../worlds/local/run-machine.ts';

test('the ResultWriter leaves a manifest and a file for each kind of ending', async () => {
  const lake = memory();
  const fields = { ...writer(), ToleratedFailureCount: 1, MaxConcurrency: 1 };
  const ended = await run(distributed(task(), fields), {
    input: [1, 2],
    objects: lake.objects,
    invoke: failing(['Boom'], { n: 1 }),
  });
  const { mapRunArn, children } = childrenOf(ended);
  const folder = `results/${mapRunArn.split(':').at(-1)}`;
  expect(ended.output).toEqual({
    MapRunArn: mapRunArn,
    ResultWriterDetails: { Bucket: 'lake', Key: `${folder}/manifest.json` },
  });
  const size = (name: string) => lake.text(`${folder}/${name}`).length;
  expect(lake.read(`${folder}/manifest.json`)).toEqual({
    DestinationBucket: 'lake',
    MapRunArn: mapRunArn,
    ResultFiles: {
      FAILED: [{ Key: `${folder}/FAILED_0.json`, Size: size('FAILED_0.json') }],
      PENDING: [],
      SUCCEEDED: [{ Key: `${folder}/SUCCEEDED_0.json`, Size: size('SUCCEEDED_0.json') }],
    },
  });
  const [succeeded, failed] = children;
  const common = {
    InputDetails: { Included: true },
    RedriveCount: 0,
    RedriveStatus: 'NOT_REDRIVABLE',
    StartDate: START.toISOString(),
    StopDate: START.toISOString(),
    StateMachineArn: succeeded?.stateMachineArn,
  };
  expect(lake.read(`${folder}/SUCCEEDED_0.json`)).toEqual([
    {
      ...common,
      ExecutionArn: succeeded?.executionArn,
      Name: succeeded?.name,
      Input: '2',
      Output: '{"n":1}',
      OutputDetails: { Included: true },
      RedriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
      Status: 'SUCCEEDED',
    },
  ]);
  expect(lake.read(`${folder}/FAILED_0.json`)).toEqual([
    {
      ...common,
      ExecutionArn: failed?.executionArn,
      Name: failed?.name,
      Input: '1',
      Error: 'Boom',
      Cause: 'cause of Boom',
      RedriveStatusReason: 'Execution is FAILED and cannot be redriven',
      Status: 'FAILED',
    },
  ]);
  expect(ended.sfn.operations.DescribeMapRun({ mapRunArn }).itemCounts.resultsWritten).toBe(2);
});

test('a Map Run that fails leaves its results too, those not started as pending', async () => {
  const lake = memory();
  const ended = await run(distributed(task(), { ...writer(), MaxConcurrency: 1 }), {
    input: [1, { two: 2 }],
    objects: lake.objects,
    invoke: failing(['Boom']),
  });
  expect(ended.error).toBe('States.ExceedToleratedFailureThreshold');
  const pending = lake.keys().find((key) => key.endsWith('/PENDING_0.json')) ?? '';
  expect(lake.read(pending)).toEqual([{ Input: '{"two":2}', InputDetails: { Included: true }, Status: 'PENDING' }]);
});

test.each([
  [{ Transformation: 'COMPACT' }, 'json', '[[1,1],[2,2]]'],
  [{ Transformation: 'FLATTEN' }, 'json', '[1,1,2,2]'],
  [{ Transformation: 'FLATTEN', OutputType: 'JSONL' }, 'jsonl', '1\n1\n2\n2\n'],
])('results are written as %j', async (config, extension, text) => {
  const lake = memory();
  const states = distributed(pass('{% [$states.input, $states.input] %}'), writer(config));
  await run(states, { input: [1, 2], objects: lake.objects });
  const file = lake.keys().find((key) => key.endsWith(`/SUCCEEDED_0.${extension}`)) ?? '';
  expect(lake.text(file)).toBe(text);
});

test('without a place to write to, WriterConfig shapes the result of the Map', async () => {
  const ResultWriter = { WriterConfig: { Transformation: 'FLATTEN' } };
  const { output } = await run(distributed(pass(), { ResultWriter }), { input: [[1, [2]], 3] });
  expect(output).toEqual([1, [2], 3]);
});

test('results that cannot be written fail the Map', async () => {
  const ResultWriter = { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'other' } };
  const { error, cause } = await run(distributed(pass(), { ResultWriter }), { input: [1], objects: memory().objects });
  expect(error).toBe('States.ResultWriterFailed');
  expect(cause).toMatch(/^s3:\/\/other\/.*\/SUCCEEDED_0\.json was not written: The specified bucket does not exist$/);
});

test('results that no state may have as data fail the Map, unless they are written to S3', async () => {
  const big = pass({ text: 'x'.repeat(100_000) });
  const lake = memory();
  expect((await run(distributed(big), { input: [1, 2, 3] })).error).toBe('States.DataLimitExceeded');
  expect((await run(distributed(big, writer()), { input: [1, 2, 3], objects: lake.objects })).status).toBe('SUCCEEDED');
});
