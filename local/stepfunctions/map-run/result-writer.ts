import type { Activation } from '../activation/activation.ts';
import type { MapState, ResultWriter } from '../definition/machine.ts';
import { StateFailure } from '../errors.ts';
import { bytesOf, isObject, type Json, type JsonObject } from '../json.ts';
import type { ExecutionRecord } from '../records/execution.ts';
import type { MapRun, Member } from './map-run.ts';

type WriterConfig = NonNullable<ResultWriter['WriterConfig']>;
type ResultFile = 'SUCCEEDED' | 'FAILED' | 'PENDING';

/** What a distributed Map that has succeeded gives as its result, where it writes none to S3. */
export function resultOf(members: Member[], config: WriterConfig = {}): Json[] {
  return transformed(succeeded(members), config.Transformation ?? 'COMPACT');
}

/**
 * Writes the results of a Map Run to S3, as much as there is of them, and gives what the Map then has as its result.
 *
 * @throws {StateFailure} States.ResultWriterFailed
 */
export async function writeResults(
  activation: Activation<MapState>,
  mapRun: MapRun,
  { Arguments, WriterConfig: config = {} }: ResultWriter,
): Promise<JsonObject> {
  const place = await activation.value(Arguments ?? {}, 'ResultWriter/Arguments');
  const { Bucket: bucket, Prefix: prefix = '' } = isObject(place) ? place : {};
  if (typeof bucket !== 'string' || typeof prefix !== 'string') {
    throw failed(`The Arguments need 'Bucket', and may have 'Prefix', as strings; found ${JSON.stringify(place)}.`);
  }
  const { mapRunArn } = mapRun.record;
  const folder = `${prefix}${prefix === '' || prefix.endsWith('/') ? '' : '/'}${mapRunArn.split(':').at(-1)}`;
  const put = async (name: string, body: string) => {
    const key = `${folder}/${name}`;
    try {
      await activation.frame.execution.objects.put(bucket, key, body);
    } catch (error) {
      throw failed(`s3://${bucket}/${key} was not written: ${error instanceof Error ? error.message : error}`);
    }
    return { Key: key, Size: bytesOf(body) };
  };
  const files: Record<string, Json> = {};
  for (const [name, results] of Object.entries(resultFiles(mapRun.members, config.Transformation ?? 'NONE'))) {
    const { extension, body } = written(results, config.OutputType ?? 'JSON');
    files[name] = results.length === 0 ? [] : [await put(`${name}_0.${extension}`, body)];
  }
  const manifest = { DestinationBucket: bucket, MapRunArn: mapRunArn, ResultFiles: files };
  const { Key } = await put('manifest.json', JSON.stringify(manifest));
  mapRun.resultsWritten();
  return { MapRunArn: mapRunArn, ResultWriterDetails: { Bucket: bucket, Key } };
}

const failed = (cause: string): StateFailure => new StateFailure('States.ResultWriterFailed', cause);

/** Only what succeeded is transformed: a failure keeps all that is known of it. */
const resultFiles = (
  members: Member[],
  transformation: WriterConfig['Transformation'],
): Record<ResultFile, Json[]> => ({
  FAILED: records(members)
    .filter(({ status }) => status !== 'SUCCEEDED')
    .map(described),
  PENDING: members.filter(({ record }) => !record).map(({ input }) => ({ ...inputOf(input), Status: 'PENDING' })),
  SUCCEEDED: transformed(succeeded(members), transformation),
});

const written = (results: Json[], type: WriterConfig['OutputType']): { extension: string; body: string } =>
  type === 'JSONL'
    ? { extension: 'jsonl', body: results.map((result) => `${JSON.stringify(result)}\n`).join('') }
    : { extension: 'json', body: JSON.stringify(results) };

const records = (members: Member[]): ExecutionRecord[] => members.flatMap(({ record }) => record ?? []);
const succeeded = (members: Member[]): ExecutionRecord[] =>
  records(members).filter(({ status }) => status === 'SUCCEEDED');

function transformed(children: ExecutionRecord[], transformation: WriterConfig['Transformation']): Json[] {
  if (transformation === 'NONE') return children.map(described);
  const outputs = children.map(({ output = 'null' }) => JSON.parse(output) as Json);
  return transformation === 'FLATTEN' ? outputs.flat(1) : outputs;
}

const included = { Included: true };
const inputOf = (input: string): JsonObject => ({ Input: input, InputDetails: included });

/** A child execution as a result file tells of it. */
const described = (record: ExecutionRecord): JsonObject => ({
  ExecutionArn: record.executionArn,
  ...inputOf(record.input),
  Name: record.name,
  ...(record.output !== undefined && { Output: record.output, OutputDetails: included }),
  ...(record.error !== undefined && { Error: record.error }),
  ...(record.cause !== undefined && { Cause: record.cause }),
  RedriveCount: 0,
  RedriveStatus: 'NOT_REDRIVABLE',
  RedriveStatusReason: `Execution is ${record.status} and cannot be redriven`,
  StartDate: record.startDate.toISOString(),
  StateMachineArn: record.stateMachineArn,
  Status: record.status,
  ...(record.stopDate && { StopDate: record.stopDate.toISOString() }),
});
