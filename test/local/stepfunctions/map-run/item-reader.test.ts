import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { distributed, pass, reader } from '../../../worlds/local/distributed.ts';
import { memory } from '../../../worlds/local/objects.ts';
import { eventOf, run, START } from '../../../worlds/local/run-machine.ts';

test.each([
  ['JSON', { InputType: 'JSON' }, { text: '[{"a":1},2]', items: [{ a: 1 }, 2] }],
  [
    'a place inside of a JSON document',
    { InputType: 'JSON', ItemsPointer: '/output/a~1b/1' },
    { text: '{"output":{"a/b":[0,[1,{"a":2}]]}}', items: [1, { a: 2 }] },
  ],
  ['JSON Lines', { InputType: 'JSONL' }, { text: '{"a":1}\n\n2\n', items: [{ a: 1 }, 2] }],
  [
    'CSV with headers in its first row',
    { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
    {
      text: "Col1,Col2,Col3\nValue1,Value2,Value3\n,,,\ntrue,1,'HelloWorld'\nNull,None,\n   \n",
      items: [
        { Col1: 'Value1', Col2: 'Value2', Col3: 'Value3' },
        { Col1: '', Col2: '', Col3: '' },
        { Col1: 'true', Col2: '1', Col3: "'HelloWorld'" },
        { Col1: 'Null', Col2: 'None', Col3: '' },
        { Col1: '   ', Col2: '', Col3: '' },
      ],
    },
  ],
  [
    'CSV with given headers and another delimiter',
    { InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['a', 'b'], CSVDelimiter: 'PIPE' },
    {
      text: '1|2|3\n4\n',
      items: [
        { a: '1', b: '2' },
        { a: '4', b: '' },
      ],
    },
  ],
])('items come from %s in S3', async (_, config, { text, items }) => {
  const { objects } = memory({ 'items.txt': text, 'items.gz': gzipSync(text) });
  const { output, events } = await run(distributed(pass(), reader('items.txt', config)), { objects });
  expect(output).toEqual(items);
  expect(eventOf(events, 'MapStateStarted')['mapStateStartedEventDetails']).toEqual({ length: 0 });
  expect((await run(distributed(pass(), reader('items.gz', config)), { objects })).output).toEqual(items);
});

test('items come from a listing of objects, at most MaxItems of them', async () => {
  const { objects } = memory({ 'a/1': 'x', 'a/2': 'xy', 'b/1': '' });
  const ItemReader = {
    Resource: 'arn:aws:states:::s3:listObjectsV2',
    Arguments: { Bucket: 'lake', Prefix: '{% $states.input.prefix %}' },
  };
  const list = (config: object) =>
    run(distributed(pass(), { ItemReader: { ...ItemReader, ...config } }), { objects, input: { prefix: 'a/' } });
  const LastModified = START.getTime() / 1000;
  expect((await list({})).output).toEqual([
    { Key: 'a/1', Size: 1, Etag: '"a/1"', LastModified, StorageClass: 'STANDARD' },
    { Key: 'a/2', Size: 2, Etag: '"a/2"', LastModified, StorageClass: 'STANDARD' },
  ]);
  expect((await list({ ReaderConfig: { MaxItems: '{% 1 %}' } })).output).toHaveLength(1);
  expect((await list({ ReaderConfig: { MaxItems: 0 } })).output).toHaveLength(2);
});

test.each([
  [
    'a pointer to nothing',
    { key: 'object.json', config: { InputType: 'JSON', ItemsPointer: '/b/c' } },
    'Attempting to map over non-iterable node.',
  ],
  ['no list', { key: 'object.json', config: { InputType: 'JSON' } }, 'Attempting to map over non-iterable node.'],
  [
    'one header twice',
    { key: 'object.json', config: { InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['a', 'a'] } },
    'CSV headers cannot contain duplicates.',
  ],
  ['no object', { key: 'other.json', config: { InputType: 'JSON' } }, 'The specified key does not exist.'],
])('%s to read fails the Map Run, which Catch sees', async (_, { key, config }, cause) => {
  const { objects } = memory({ 'object.json': '{"a":1}' });
  const Catch = [{ ErrorEquals: ['States.ItemReaderFailed'], Next: 'Caught' }];
  const failed = await run(distributed(pass(), reader(key, config)), { objects });
  expect([failed.error, failed.cause]).toEqual(['States.ItemReaderFailed', cause]);
  expect(failed.types.slice(-4)).toEqual(['MapRunStarted', 'MapRunFailed', 'MapStateFailed', 'ExecutionFailed']);
  const states = { ...distributed(pass(), { ...reader(key, config), Catch }), Caught: pass() };
  expect((await run(states, { objects })).output).toEqual({ Error: 'States.ItemReaderFailed', Cause: cause });
});

test('ItemSelector shapes the input of a child from item, source and variables', async () => {
  const { objects } = memory({ 'items.json': '["x"]' });
  const ItemSelector = '{% {"item": $states.context.Map.Item, "outer": $outer} %}';
  const set = { Set: { Type: 'Pass', Assign: { outer: 1 }, Output: ['y'], Next: 'Map' } };
  const selected = async (fields: object) =>
    (await run({ ...set, ...distributed(pass(), { ItemSelector, ...fields }) }, { objects })).output;
  expect(await selected({})).toEqual([{ item: { Index: 0, Value: 'y', Source: 'STATE_DATA' }, outer: 1 }]);
  expect(await selected(reader('items.json', { InputType: 'JSON' }))).toEqual([
    { item: { Index: 0, Value: 'x', Source: 'S3://lake/items.json' }, outer: 1 },
  ]);
});
