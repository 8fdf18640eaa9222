/** A Lambda function of Sluice: bundled code, a role of its own, logs that expire. */
import {
  Architecture,
  type CfnFunction,
  Code,
  Function as LambdaFunction,
  Runtime,
  type Version,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Right } from '#lib/contract/rights.ts';
import { AppError } from '../errors.ts';
import type { FunctionNetwork } from '../function-network.ts';
import { exactRole } from '../rights/exact-role.ts';

/** What bench/flatten holds an extract to: its heap flags are those that Lambda gives Node at this size. */
const DEFAULT_MEMORY_MB = 512;

/** Lambda's, in characters. */
const LONGEST_NAME = 64;

export interface NodeFunctionProps {
  /** The function is named `<stack>-<name>`, and its log group after it. */
  readonly name: string;
  readonly description: string;
  /** The directory that becomes the function's code: `index.js` with a `handler`, and what it reads. */
  readonly code: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Besides the function's own logs. */
  readonly rights: readonly Right[];
  readonly memorySize?: number;
  readonly timeout: Duration;
  /** Where the function lies; without it, in no network of the account. */
  readonly network?: FunctionNetwork | undefined;
  /** Takes events whose asynchronous invocation failed to the end. */
  readonly deadLetterQueue?: IQueue;
}

export class NodeFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const functionName = nameIn(Stack.of(this), props.name);
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // The attribute ends in ':*' by itself: the streams of this group.
    const logs = { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] };
    const role = exactRole(this, 'Role', {
      services: ['lambda'],
      rights: [logs, ...props.rights, ...lettersTo(props), ...(props.network ? INTERFACE_RIGHTS : [])],
    });
    this.function = new LambdaFunction(this, 'Function', {
      functionName,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(props.code),
      role: role.withoutPolicyUpdates(),
      logGroup,
      environment: { ...props.environment },
      memorySize: props.memorySize ?? DEFAULT_MEMORY_MB,
      timeout: props.timeout,
      ...(props.deadLetterQueue && { deadLetterQueue: props.deadLetterQueue }),
      // A run that is under way finishes with the code that it began with.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
    });
    if (props.network) place(this.function, props.network);
  }

  /** The published version of exactly this code and configuration. */
  get version(): Version {
    return this.function.currentVersion;
  }
}

/** Lambda makes and removes the function's network interfaces under its role. */
const INTERFACE_RIGHTS: readonly Right[] = [
  {
    actions: ['CreateNetworkInterface', 'DescribeNetworkInterfaces', 'DescribeSubnets', 'DeleteNetworkInterface'].map(
      (name) => `ec2:${name}`,
    ),
    resources: ['*'],
    wildcards: 'Interfaces have no names before they are made, and Lambda checks these rights on all resources.',
  },
];

/** By ids that are there already, which the CDK's own properties would want to look up. */
function place(fn: LambdaFunction, { subnets, securityGroups }: FunctionNetwork): void {
  const resource = fn.node.defaultChild as CfnFunction;
  resource.vpcConfig = { subnetIds: [...subnets], securityGroupIds: [...securityGroups] };
}

const lettersTo = ({ deadLetterQueue }: NodeFunctionProps): Right[] =>
  deadLetterQueue ? [{ actions: ['sqs:SendMessage'], resources: [deadLetterQueue.queueArn] }] : [];

function nameIn({ stackName }: Stack, name: string): string {
  const functionName = `${stackName}-${name}`;
  if (functionName.length <= LONGEST_NAME) return functionName;
  throw new AppError(
    `'${functionName}' is longer than the ${LONGEST_NAME} characters of a function's name. Shorten the DAG's id, or the name of the stage.`,
  );
}
