/**
 * What the platform stack gives to the pipelines' stacks, as parameters of Systems Manager, and to the command line, as
 * outputs. Not as exports: CloudFormation refuses to change or remove one that another stack has imported.
 */
import { type IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { ArnFormat, CfnOutput, CfnParameter, Stack } from 'aws-cdk-lib/core';
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

/** Writes the parameters and outputs of the platform stack. */
export function sharePlatform(stack: Stack, names: Names, shared: Shared): void {
  const output = (id: string, value: string, description: string) => {
    new CfnOutput(stack, id, { value, description });
    new StringParameter(stack, `Parameter${id}`, {
      parameterName: names.parameter(id),
      stringValue: value,
      description,
    });
  };
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
    const description = `The secret of the connection ${name}`;
    new CfnOutput(stack, connectionOutput(name), { value: secret.secretArn, description });
  }
}

/** Names of outputs are letters and digits: `ConnectionStravaOfAnn`. */
const connectionOutput = (name: string): string =>
  ['connection', ...name.split(/[^A-Za-z0-9]+/)].map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');

/**
 * The platform as a pipeline's stack sees it: by template parameters, whose values CloudFormation looks up in Systems
 * Manager at each deployment of the stack, and connections' secrets by their names.
 */
export function importPlatform(scope: Construct, names: Names): Platform {
  const imported = (output: string): string =>
    new CfnParameter(scope, `Platform${output}`, {
      type: 'AWS::SSM::Parameter::Value<String>',
      default: names.parameter(output),
      description: `${output} of the platform stack`,
    }).valueAsString;
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
      secretArn: secretArnPattern(Stack.of(scope), names.connection(name)),
    }),
  };
}

/** Six characters that Secrets Manager draws end the ARN of a secret. */
const secretArnPattern = (stack: Stack, name: string): string =>
  stack.formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${name}-??????`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
