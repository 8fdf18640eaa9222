import type { run } from './run-machine.ts';

export const pass = (Output?: unknown) => ({ Type: 'Pass', End: true, ...(Output !== undefined && { Output }) });
export const processor = (state: object) => ({
  ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
  StartAt: 'Item',
  States: { Item: state },
});
export const distributed = (state: object, fields: object = {}) => ({
  Map: { Type: 'Map', Label: 'Rows', ItemProcessor: processor(state), ...fields, End: true },
});
export const reader = (Key: string, ReaderConfig: object) => ({
  ItemReader: { Resource: 'arn:aws:states:::s3:getObject', Arguments: { Bucket: 'lake', Key }, ReaderConfig },
});
export const writer = (WriterConfig?: object) => ({
  ResultWriter: {
    Resource: 'arn:aws:states:::s3:putObject',
    Arguments: { Bucket: 'lake', Prefix: 'results' },
    ...(WriterConfig && { WriterConfig }),
  },
});
export const childrenOf = ({ sfn, executionArn }: Pick<Awaited<ReturnType<typeof run>>, 'sfn' | 'executionArn'>) => {
  const [mapRun] = sfn.operations.ListMapRuns({ executionArn }).mapRuns;
  const mapRunArn = mapRun?.mapRunArn ?? '';
  return { mapRunArn, children: sfn.operations.ListExecutions({ mapRunArn }).executions };
};
