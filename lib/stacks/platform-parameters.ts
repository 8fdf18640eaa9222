/**
 * What the platform stack gives to the pipelines' stacks, as parameters of Systems Manager, and to the command line, as
 * outputs. Not as exports: CloudFormation refuses to change or remove one that another stack has imported.
 */
import { type IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { ArnFormat, CfnOutput, CfnParameter, Fn, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { AURORA_DATABASE, type Aurora } from '#lib/constructs/aurora/aurora.ts';
import type { AuroraServer, Platform } from '#lib/constructs/platform.ts';
import { type IsolatedNetwork, SUBNETS } from '#lib/constructs/warehouse/isolated-network.ts';
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
  /** By connection; with the network of all of them, where there are some. */
  readonly auroras: ReadonlyMap<string, Aurora>;
  readonly auroraNetwork: IsolatedNetwork | undefined;
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
    new CfnOutput(stack, outputOf('connection', name), { value: secret.secretArn, description });
  }
  if (shared.auroraNetwork) {
    const { subnetIds, securityGroupId } = shared.auroraNetwork;
    output('AuroraSubnets', subnetIds.join(','), 'Where functions reach Aurora');
    output('AuroraSecurityGroup', securityGroupId, 'What Aurora lets in');
  }
  for (const [name, { host, resourceId }] of shared.auroras) {
    output(outputOf('aurora host', name), host, `The server of the connection ${name}`);
    output(outputOf('aurora id', name), resourceId, 'The same in rights to log in');
  }
}

/** Names of outputs are letters and digits: `ConnectionStravaOfAnn`. */
const outputOf = (what: string, name: string): string =>
  [...what.split(' '), ...name.split(/[^A-Za-z0-9]+/)]
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');

/**
 * The platform as a pipeline's stack sees it: by template parameters, whose values CloudFormation looks up in Systems
 * Manager at each deployment of the stack, and connections' secrets by their names.
 *
 * @param auroras the connections of the pipeline that lead to Aurora
 */
export function importPlatform(scope: Construct, names: Names, auroras: readonly string[]): Platform {
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
    auroras: importAuroras(scope, auroras, { names, imported }),
    connection: (name) => ({
      secretName: names.connection(name),
      secretArn: secretArnPattern(Stack.of(scope), names.connection(name)),
    }),
  };
}

interface Imports {
  readonly names: Names;
  /** The value of an output of the platform stack. */
  readonly imported: (output: string) => string;
}

function importAuroras(scope: Construct, connections: readonly string[], { names, imported }: Imports) {
  if (connections.length === 0) return new Map<string, AuroraServer>();
  const subnets = imported('AuroraSubnets');
  const network = {
    subnets: SUBNETS.map((at) => Fn.select(at, Fn.split(',', subnets))),
    securityGroups: [imported('AuroraSecurityGroup')],
  };
  const server = (name: string): AuroraServer => ({
    host: imported(outputOf('aurora host', name)),
    dbname: AURORA_DATABASE,
    username: names.user,
    userArn: Stack.of(scope).formatArn({
      service: 'rds-db',
      resource: 'dbuser',
      resourceName: `${imported(outputOf('aurora id', name))}/${names.user}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
    network,
  });
  return new Map(connections.map((name) => [name, server(name)]));
}

/** Six characters that Secrets Manager draws end the ARN of a secret. */
const secretArnPattern = (stack: Stack, name: string): string =>
  stack.formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${name}-??????`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
