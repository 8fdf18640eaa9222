import { expect, test } from 'vitest';
import { distributed, pass, reader, writer } from '../../../worlds/local/distributed.ts';
import { create, definitionOf, service } from '../../../worlds/local/run-machine.ts';

const refusalOf = (states: Record<string, unknown>): string => {
  try {
    create(service(), definitionOf(states));
    return 'accepted';
  } catch (error) {
    return String(error);
  }
};

const inline = (fields: object) => ({
  M: { Type: 'Map', ItemProcessor: { StartAt: 'A', States: { A: pass() } }, End: true, ...fields },
});
const configured = (ProcessorConfig: object) =>
  inline({ ItemProcessor: { ProcessorConfig, StartAt: 'A', States: { A: pass() } } });

test('a distributed Map with a reader, batches and a writer is accepted', () => {
  const fields = { ...reader('k', { InputType: 'JSONL' }), ...writer(), ItemBatcher: { MaxItemsPerBatch: 1 } };
  expect(refusalOf(distributed(pass(), fields))).toBe('accepted');
});

test('its children may assign a variable that the machine has too', () => {
  const own = distributed({ ...pass(), Assign: { a: 2 } });
  expect(refusalOf({ Set: { Type: 'Pass', Assign: { a: 1 }, Next: 'Map' }, ...own })).toBe('accepted');
});

test.each(['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label'])('an inline Map has no %s', (field) => {
  const value = field === 'Label' ? 'a' : {};
  expect(refusalOf(inline({ [field]: value }))).toContain(
    `'${field}' needs a ProcessorConfig with the Mode DISTRIBUTED`,
  );
});

test.each([
  [{ Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' }, 'NOT_SUPPORTED: express child executions are not supported'],
  [{ Mode: 'DISTRIBUTED' }, 'must be STANDARD at /States/M/ItemProcessor/ProcessorConfig/ExecutionType'],
  [{ Mode: 'OTHER', ExecutionType: 'STANDARD' }, 'must be INLINE or DISTRIBUTED'],
])('a ProcessorConfig of %j is refused', (config, message) => {
  expect(refusalOf(configured(config))).toContain(message);
});

const s3 = (action: string) => `arn:aws:states:::s3:${action}`;
const Arguments = { Bucket: 'lake', Key: 'k' };

test.each([
  [{ Items: [], ...reader('k', { InputType: 'JSON' }) }, 'at most one of Items and ItemReader'],
  [{ ItemReader: { Arguments } }, "the field 'Resource' is missing at /States/Map/ItemReader"],
  [{ ItemReader: { Resource: s3('headObject'), Arguments } }, 'must be one of arn:aws:states:::s3:getObject, arn:'],
  [{ ItemReader: { Resource: s3('getObject'), Arguments } }, 'an ItemReader of an object needs ReaderConfig.InputType'],
  [
    reader('k', { InputType: 'PARQUET' }),
    'must be one of JSON, JSONL, CSV, found PARQUET at /States/Map/ItemReader/Re',
  ],
  [reader('k', { InputType: 'CSV' }), 'an ItemReader of CSV needs ReaderConfig.CSVHeaderLocation'],
  [reader('k', { InputType: 'CSV', CSVHeaderLocation: 'GIVEN' }), 'GIVEN needs ReaderConfig.CSVHeaders'],
  [reader('k', { InputType: 'JSONL', ItemsPointer: '/a' }), 'ItemsPointer needs the InputType JSON'],
  [reader('k', { InputType: 'JSON', ItemsPointer: 'a' }), "ItemsPointer must begin with '/', found a"],
  [reader('k', { ManifestType: 'S3_INVENTORY' }), "'ManifestType' (items from a manifest) is not supported"],
  [{ ItemBatcher: {} }, 'an ItemBatcher needs MaxItemsPerBatch or MaxInputBytesPerBatch'],
  [{ ResultWriter: {} }, 'a ResultWriter needs Resource and Arguments, or WriterConfig'],
  [{ ResultWriter: { Resource: s3('putObject') } }, 'both or none of Resource and Arguments'],
  [{ ResultWriter: { WriterConfig: { OutputType: 'JSONL' } } }, 'writes JSONL to S3 only'],
  [writer({ Transformation: 'SUM' }), 'must be one of NONE, COMPACT, FLATTEN, found SUM'],
  [{ Label: 'x'.repeat(41) }, 'a Label has 1 to 40 characters'],
  [{ Label: 'a/b' }, 'none that a name may not have'],
])('%j is refused', (fields, message) => {
  expect(refusalOf(distributed(pass(), fields))).toContain(message);
});
