/** What the platform stack gives to the pipelines' stacks and to the command line: its outputs. */
import { type IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { CfnOutput, Fn, type Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Platform } from '#lib/constructs/platform.ts';
import type { Warehouse } from '#lib/constructs/warehouse/warehouse.ts';
import type { Names } from './names.ts';

interface Shared {
  readonly bucket: IBucket;
  readonly warehouse: Warehouse;
  readonly warehouseSecret: ISecret;
  readonly copyRoleArn: string;
  readonly topic: ITopic;
  readonly begin: IFunction;
  readonly end: IFunction;
  readonly connections: ReadonlyMap<string, ISecret>;
}

/** Writes the outputs of the platform stack, each exported under its own name. */
export function exportPlatform(stack: Stack, names: Names, shared: Shared): void {
  const output = (id: string, value: string, description: string) =>
    new CfnOutput(stack, id, { value, description, exportName: names.exported(id) });
  output('Bucket', shared.bucket.bucketName, 'The data lake');
  output('Workgroup', shared.warehouse.workgroup, 'The workgroup of the warehouse');
  output('WorkgroupArn', shared.warehouse.workgroupArn, 'The same as an ARN');
  output('Database', shared.warehouse.database, 'The database in the warehouse');
  output('WarehouseSecret', shared.warehouseSecret.secretArn, 'The user that tasks and queries work as');
  output('CopyRole', shared.copyRoleArn, 'What COPY reads the lake with');
  output('Topic', shared.topic.topicArn, 'Where alerts go');
  output('Begin', shared.begin.functionArn, 'The function that begins runs');
  output('End', shared.end.functionArn, 'The function that ends runs');
  for (const [name, secret] of shared.connections) {
    const id = connectionOutput(name);
    output(id, secret.secretArn, `The secret of the connection ${name}`);
  }
}

/** Names of outputs are letters and digits: `ConnectionStravaOfAnn`. */
const connectionOutput = (name: string): string =>
  ['connection', ...name.split(/[^A-Za-z0-9]+/)].map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');

/** The platform as a pipeline's stack sees it. */
export function importPlatform(scope: Construct, names: Names): Platform {
  const imported = (output: string) => Fn.importValue(names.exported(output));
  return {
    stack: names.inCommands,
    bucket: Bucket.fromBucketName(scope, 'Lake', imported('Bucket')),
    workgroup: imported('Workgroup'),
    workgroupArn: imported('WorkgroupArn'),
    database: imported('Database'),
    warehouseSecret: Secret.fromSecretCompleteArn(scope, 'WarehouseSecret', imported('WarehouseSecret')),
    copyRoleArn: imported('CopyRole'),
    topicArn: imported('Topic'),
    begin: LambdaFunction.fromFunctionArn(scope, 'Begin', imported('Begin')),
    end: LambdaFunction.fromFunctionArn(scope, 'End', imported('End')),
    connection: (name) => ({
      secretName: names.connection(name),
      secretArn: imported(connectionOutput(name)),
    }),
  };
}
