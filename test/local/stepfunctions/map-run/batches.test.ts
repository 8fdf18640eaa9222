import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { childrenOf, distributed, pass, reader } from '../../../worlds/local/distributed.ts';
import { memory } from '../../../worlds/local/objects.ts';
import { run, START } from '../../../worlds/local/run-machine.ts';

test.each([
  [{ MaxItemsPerBatch: 2 }, [[1, 2], [3, 4], [5]]],
  [{ MaxItemsPerBatch: '{% 10 %}' }, [[1, 2, 3, 4, 5]]],
  [
    { MaxInputBytesPerBatch: '{"Items":[1,2,3]}'.length },
    [
      [1, 2, 3],
      [4, 5],
    ],
  ],
  [{ MaxItemsPerBatch: 4, MaxInputBytesPerBatch: 1 }, [[1], [2], [3], [4], [5]]],
])('the batches of %j', async (ItemBatcher, batches) => {
  const { output } = await run(distributed(pass(), { ItemBatcher }), { input: [1, 2, 3, 4, 5] });
  expect(output).toEqual(batches.map((Items) => ({ Items })));
});

test('each batch has the BatchInput, and counts its items', async () => {
  const ItemBatcher = { MaxItemsPerBatch: 2, BatchInput: { of: '{% $count($states.input) %}' } };
  const ended = await run(distributed(pass(), { ItemBatcher }), { input: [1, 2, 3] });
  expect(ended.output).toEqual([
    { BatchInput: { of: 3 }, Items: [1, 2] },
    { BatchInput: { of: 3 }, Items: [3] },
  ]);
  const { mapRunArn, children } = childrenOf(ended);
  expect(children.map(({ itemCount }) => itemCount)).toEqual([1, 2]);
  expect(ended.sfn.operations.DescribeMapRun({ mapRunArn })).toMatchObject({
    executionArn: ended.executionArn,
    status: 'SUCCEEDED',
    maxConcurrency: 0,
    toleratedFailureCount: 0,
    toleratedFailurePercentage: 0,
    itemCounts: { succeeded: 3, total: 3, pending: 0, running: 0, resultsWritten: 0 },
    executionCounts: { succeeded: 2, total: 2, failed: 0 },
    redriveCount: 0,
    startDate: START,
    stopDate: START,
  });
});

test('a batch is never larger than an execution may be started with', async () => {
  const items = Array.from({ length: 10 }, () => 'x'.repeat(100_000));
  const { objects } = memory({ 'items.json': JSON.stringify(items) });
  const fields = { ...reader('items.json', { InputType: 'JSON' }), ItemBatcher: { MaxItemsPerBatch: 5 } };
  const { output } = await run(distributed(pass('{% $count($states.input.Items) %}'), fields), { objects });
  expect(output).toEqual([2, 2, 2, 2, 2]);
});

test('batches hold every item once, in order, and no limit is exceeded where an item fits it', async () => {
  const item = fc.oneof(fc.string({ maxLength: 40 }), fc.integer());
  const limits = fc.record({
    MaxItemsPerBatch: fc.integer({ min: 1, max: 9 }),
    MaxInputBytesPerBatch: fc.integer({ min: 60, max: 200 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(item, { maxLength: 30 }), limits, async (items, ItemBatcher) => {
      const { output } = await run(distributed(pass(), { ItemBatcher }), { input: items });
      const batches = output as { Items: unknown[] }[];
      expect(batches.flatMap(({ Items }) => Items)).toEqual(items);
      for (const batch of batches) {
        expect(batch.Items.length).toBeGreaterThan(0);
        expect(batch.Items.length).toBeLessThanOrEqual(ItemBatcher.MaxItemsPerBatch);
        if (batch.Items.length > 1) {
          expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThanOrEqual(ItemBatcher.MaxInputBytesPerBatch);
        }
      }
    }),
  );
});
