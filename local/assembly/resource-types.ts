/**
 * The resource types that the embedded AWS knows, and what Ref and Fn::GetAtt give for each. Those that do anything
 * besides having a name are created in `cloudformation/creators.ts`.
 */
import { ACCOUNT, arn, letters, REGION } from '../machine/account.ts';
import { EmbeddedAwsError } from '../machine/errors.ts';
import type { Created } from './scope.ts';

/** A resource whose properties are resolved. */
export interface Declared {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Named extends Declared {
  /** The physical name: the declared one, or one made of stack and logical id. */
  readonly name: string;
}
type Make = (resource: Named) => string;

interface ResourceType {
  /** The property that sets the name. */
  readonly nameProperty?: string;
  /** Longest name that AWS allows. */
  readonly limit?: number;
  readonly lowerCase?: true;
  /** What Ref gives; the name when absent. */
  readonly ref?: Make;
  readonly attributes?: Readonly<Record<string, Make>>;
}

const iam = (kind: string) => (r: Named) => `arn:aws:iam::${ACCOUNT}:${kind}/${r.name}`;
const of = (service: string, prefix: string) => (r: Named) => arn(service, `${prefix}${r.name}`);
const name: Make = (r) => r.name;
/** Ids that EC2 draws: `vpc-0a1b…`. */
const ec2 = (prefix: string, attribute?: string): ResourceType => {
  const ref: Make = (r) => `${prefix}-${Buffer.from(letters(`${r.stack}/${r.logicalId}`, 8)).toString('hex')}`;
  return attribute === undefined ? { ref } : { ref, attributes: { [attribute]: ref } };
};
const functionArn = (r: Named) => {
  const target = String(r.properties['FunctionName']);
  return target.startsWith('arn:') ? target : arn('lambda', `function:${target}`);
};
const secretArn = (r: Named) => arn('secretsmanager', `secret:${r.name}-${letters(r.name, 6)}`);
const INERT: ResourceType = {};

const RESOURCE_TYPES: Record<string, ResourceType> = {
  'AWS::CDK::Metadata': INERT,
  'AWS::CloudWatch::Alarm': { nameProperty: 'AlarmName', limit: 255, attributes: { Arn: of('cloudwatch', 'alarm:') } },
  'AWS::EC2::RouteTable': ec2('rtb', 'RouteTableId'),
  'AWS::EC2::SecurityGroup': ec2('sg', 'GroupId'),
  'AWS::EC2::SecurityGroupEgress': INERT,
  'AWS::EC2::Subnet': ec2('subnet', 'SubnetId'),
  'AWS::EC2::SubnetRouteTableAssociation': ec2('rtbassoc', 'Id'),
  'AWS::EC2::VPC': ec2('vpc', 'VpcId'),
  'AWS::EC2::VPCEndpoint': ec2('vpce', 'Id'),
  'AWS::Events::Rule': { nameProperty: 'Name', limit: 64, attributes: { Arn: of('events', 'rule/') } },
  'AWS::IAM::ManagedPolicy': {
    nameProperty: 'ManagedPolicyName',
    limit: 128,
    ref: iam('policy'),
    attributes: { PolicyArn: iam('policy') },
  },
  'AWS::IAM::Policy': INERT,
  'AWS::IAM::Role': { nameProperty: 'RoleName', limit: 64, attributes: { Arn: iam('role'), RoleId: name } },
  'AWS::Lambda::EventInvokeConfig': INERT,
  'AWS::Lambda::Function': { nameProperty: 'FunctionName', limit: 64, attributes: { Arn: of('lambda', 'function:') } },
  'AWS::Lambda::Permission': INERT,
  'AWS::Lambda::Version': {
    ref: (r) => `${functionArn(r)}:1`,
    attributes: { Version: () => '1', FunctionArn: (r) => `${functionArn(r)}:1` },
  },
  'AWS::Logs::LogGroup': {
    nameProperty: 'LogGroupName',
    limit: 512,
    attributes: { Arn: (r) => arn('logs', `log-group:${r.name}:*`) },
  },
  'AWS::RedshiftServerless::Namespace': {
    nameProperty: 'NamespaceName',
    limit: 64,
    lowerCase: true,
    attributes: {
      'Namespace.NamespaceArn': of('redshift-serverless', 'namespace/'),
      'Namespace.NamespaceId': name,
      'Namespace.NamespaceName': name,
      'Namespace.DbName': (r) => String(r.properties['DbName'] ?? 'dev'),
      'Namespace.AdminPasswordSecretArn': (r) => secretArn({ ...r, name: adminSecretName(r.name, r.properties) }),
    },
  },
  'AWS::RedshiftServerless::Workgroup': {
    nameProperty: 'WorkgroupName',
    limit: 64,
    lowerCase: true,
    attributes: {
      'Workgroup.WorkgroupArn': of('redshift-serverless', 'workgroup/'),
      'Workgroup.WorkgroupId': name,
      'Workgroup.WorkgroupName': name,
      'Workgroup.Endpoint.Address': (r) => `${r.name}.${ACCOUNT}.${REGION}.redshift-serverless.amazonaws.com`,
      'Workgroup.Endpoint.Port': () => '5439',
    },
  },
  'AWS::S3::Bucket': {
    nameProperty: 'BucketName',
    limit: 63,
    lowerCase: true,
    attributes: {
      Arn: (r) => `arn:aws:s3:::${r.name}`,
      DomainName: (r) => `${r.name}.s3.amazonaws.com`,
      RegionalDomainName: (r) => `${r.name}.s3.${REGION}.amazonaws.com`,
    },
  },
  'AWS::S3::BucketPolicy': INERT,
  'AWS::SNS::Subscription': INERT,
  'AWS::SNS::Topic': {
    nameProperty: 'TopicName',
    limit: 256,
    ref: of('sns', ''),
    attributes: { TopicName: name, TopicArn: of('sns', '') },
  },
  'AWS::SNS::TopicPolicy': INERT,
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    limit: 80,
    ref: (r) => `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${r.name}`,
    attributes: { Arn: of('sqs', ''), QueueName: name },
  },
  'AWS::SQS::QueuePolicy': INERT,
  'AWS::SSM::Parameter': { nameProperty: 'Name', limit: 2048, attributes: { Type: () => 'String' } },
  'AWS::Scheduler::Schedule': {
    nameProperty: 'Name',
    limit: 64,
    attributes: { Arn: of('scheduler', 'schedule/default/') },
  },
  'AWS::SecretsManager::ResourcePolicy': INERT,
  'AWS::SecretsManager::Secret': { nameProperty: 'Name', limit: 512, ref: secretArn, attributes: { Id: secretArn } },
  'AWS::StepFunctions::StateMachine': {
    nameProperty: 'StateMachineName',
    limit: 80,
    ref: of('states', 'stateMachine:'),
    attributes: { Arn: of('states', 'stateMachine:'), Name: name },
  },
};

/** A custom resource's id and attributes come from its Lambda. */
export const isCustomResource = (type: string): boolean =>
  type === 'AWS::CloudFormation::CustomResource' || type.startsWith('Custom::');

/** The secret that Redshift makes for a namespace with `ManageAdminPassword`. */
export const adminSecretName = (namespace: string, properties: Declared['properties']): string =>
  `redshift!${namespace}-${properties['AdminUsername'] ?? 'admin'}`;

/** The name, Ref and attributes of a resource. A type that is not in the table is an error. */
export function describe(resource: Declared): Created & { name: string } {
  const type = RESOURCE_TYPES[resource.type];
  if (!type) {
    throw new EmbeddedAwsError(`Deploying the stack ${resource.stack}: the embedded AWS does not know the resource type \
${resource.type} of ${resource.logicalId}. What it knows is the table in local/assembly/resource-types.ts.`);
  }
  const named: Named = { ...resource, name: physicalName(resource, type) };
  const attributes = Object.entries(type.attributes ?? {}).map(([key, make]) => [key, make(named)]);
  return { name: named.name, id: (type.ref ?? name)(named), attributes: Object.fromEntries(attributes) };
}

/** CloudFormation's own pattern, `<stack>-<logical id>-<letters>`, the same at every start. */
function physicalName({ stack, logicalId, properties }: Declared, type: ResourceType): string {
  const given = type.nameProperty === undefined ? undefined : properties[type.nameProperty];
  if (typeof given === 'string') return given;
  const drawn = letters(`${stack}/${logicalId}`, 8);
  const made = `${`${stack}-${logicalId}`.slice(0, (type.limit ?? 255) - drawn.length - 1)}-${drawn}`;
  return type.lowerCase ? made.toLowerCase() : made;
}
