import { afterAll, beforeAll, expect, test } from 'vitest';
import { stars } from '../../worlds/pipeline-of-tests.ts';
import {
  line,
  ofType,
  type Resource,
  rightsOf,
  type Synthesized,
  synthesized,
  type Template,
} from '../../worlds/synthesized.ts';

let app: Synthesized;
let stack: Template;
beforeAll(async () => {
  app = await synthesized({ pipelines: stars(), context: { email: 'team@example.com' } });
  stack = app.templates['Sluice'] as Template;
});
afterAll(() => app.remove());

const all = (type: string): Resource[] => Object.values(ofType(stack, type));
const only = (type: string): Resource => {
  expect(all(type)).toHaveLength(1);
  return all(type)[0] as Resource;
};
const role = (prefix: string): Resource => {
  const [found] = Object.entries(ofType(stack, 'AWS::IAM::Role')).filter(([id]) => id.startsWith(prefix));
  return found?.[1] as Resource;
};

test('the lake is private, encrypted, and stays; staged files and broken uploads go', () => {
  const { Properties, DeletionPolicy } = only('AWS::S3::Bucket');
  expect(DeletionPolicy).toBe('RetainExceptOnCreate');
  expect(Properties.PublicAccessBlockConfiguration).toEqual({
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  });
  const [encryption] = Properties.BucketEncryption.ServerSideEncryptionConfiguration;
  expect(encryption.ServerSideEncryptionByDefault).toEqual({ SSEAlgorithm: 'AES256' });
  expect(Properties.LifecycleConfiguration.Rules).toEqual([
    { Id: 'ExpireStage', Prefix: 'stage/', ExpirationInDays: 30, Status: 'Enabled' },
    { Id: 'AbortUploads', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' },
  ]);
});

test.each(['AWS::S3::BucketPolicy', 'AWS::SNS::TopicPolicy', 'AWS::SQS::QueuePolicy'])(
  '%s refuses plain HTTP',
  (type) => {
    const statements = only(type).Properties.PolicyDocument.Statement;
    expect(statements).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  },
);

test('the warehouse is small, bounded, private, and reads the lake through the network of its own', () => {
  expect(only('AWS::RedshiftServerless::Workgroup').Properties).toMatchObject({
    WorkgroupName: 'sluice',
    BaseCapacity: 4,
    MaxCapacity: 16,
    PubliclyAccessible: false,
    EnhancedVpcRouting: true,
    ConfigParameters: [{ ParameterKey: 'require_ssl', ParameterValue: 'true' }],
  });
  const zones = all('AWS::EC2::Subnet').map(({ Properties }) => Properties.AvailabilityZone);
  const select = (zone: number) => ({ 'Fn::Select': [zone, { 'Fn::GetAZs': '' }] });
  const [[isTwo, condition]] = Object.entries(stack.Conditions) as [[string, unknown]];
  expect(zones).toEqual([select(0), select(1), { 'Fn::If': [isTwo, select(0), select(2)] }]);
  expect(condition).toEqual({ 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-west-1'] });
  expect(only('AWS::EC2::VPCEndpoint').Properties.VpcEndpointType).toBe('Gateway');
  const types = new Set(Object.values(stack.Resources).map(({ Type }) => Type));
  for (const way of ['NatGateway', 'InternetGateway', 'Route', 'EIP']) expect(types).not.toContain(`AWS::EC2::${way}`);
  expect(only('AWS::EC2::SecurityGroup').Properties.SecurityGroupIngress).toBeUndefined();
});

test('what the warehouse may compute in a day has a limit', () => {
  expect(only('Custom::UsageLimit').Properties).toMatchObject({ DailyRpuHours: 16 });
  expect(rightsOf(role('WarehouseLimitSetter')).filter((right) => right.includes('redshift-serverless'))).toEqual([
    'Allow redshift-serverless:ListUsageLimits *',
    'Allow redshift-serverless:CreateUsageLimit *',
    'Allow redshift-serverless:UpdateUsageLimit *',
  ]);
});

test('the administrator’s password stands in no template', () => {
  const { AdminUserPassword, IamRoles } = only('AWS::RedshiftServerless::Namespace').Properties;
  expect(line(AdminUserPassword)).toMatch(
    /^\{\{resolve:secretsmanager:<WarehouseAdmin\w+>:SecretString:password::\}\}$/,
  );
  expect(IamRoles.map(line)).toEqual([expect.stringMatching(/^<CopyReader\w+\.Arn>$/)]);
});

test('COPY may read staged files and nothing else', () => {
  expect(rightsOf(role('CopyReader'))).toEqual([
    expect.stringMatching(/^Allow s3:GetObject <Lake\w+\.Arn>\/stage\/\*$/),
    expect.stringMatching(/^Allow s3:ListBucket <Lake\w+\.Arn> if {"StringLike":.*\["stage\/\*"\]/),
  ]);
});

test('the warehouse’s user is made with the schemas of the pipelines and of the bookkeeping', () => {
  const { Properties } = only('Custom::WarehouseUser');
  expect(Properties.Schemas).toEqual(['acme', 'sluice']);
  expect(Object.keys(Properties).sort()).toEqual(
    ['AdminSecretArn', 'Database', 'Schemas', 'ServiceTimeout', 'ServiceToken', 'UserSecretArn', 'Workgroup'].sort(),
  );
  const rights = rightsOf(role('UserCreator')).filter((right) => right.includes('secretsmanager'));
  expect(rights).toEqual([
    expect.stringMatching(/GetSecretValue <WarehouseAdmin\w+>$/),
    expect.stringMatching(/GetSecretValue <UserSecret\w+>$/),
  ]);
});

test('a connection’s secret begins as not set', () => {
  const [secret] = all('AWS::SecretsManager::Secret').filter(({ Properties }) => Properties.Name);
  expect(secret?.Properties).toMatchObject({ Name: 'Sluice/connections/team-github', SecretString: '{}' });
});

const state = ['runs', 'slots', 'executions', 'ledger'];
const stateRights = [
  ...['GetObject', 'PutObject'].flatMap((action) =>
    state.map((prefix) => expect.stringMatching(`^Allow s3:${action} <Lake\\w+\\.Arn>/${prefix}/\\*$`)),
  ),
  expect.stringMatching(/^Allow s3:ListBucket <Lake\w+\.Arn> if/),
];
const onMachine = (action: string) =>
  `Allow states:${action} arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:Sluice-stars:*`;
const onMapRuns = (action: string, kind: string) =>
  `Allow states:${action} arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:${kind}:Sluice-stars/*`;

test('begin may use the state of runs, and ask after executions of the pipelines’ machines', () => {
  expect(rightsOf(role('RunsBegin')).slice(2)).toEqual([
    ...stateRights,
    expect.stringMatching(/^Allow s3:GetObject <Lake\w+\.Arn>\/paused\/\*$/),
    onMachine('DescribeExecution'),
  ]);
});

test('end may besides read their histories and tell people, and what it cannot do is kept', () => {
  expect(rightsOf(role('RunsEnd')).slice(2)).toEqual([
    ...stateRights,
    onMachine('DescribeExecution'),
    onMachine('GetExecutionHistory'),
    onMapRuns('DescribeMapRun', 'mapRun'),
    onMapRuns('ListExecutions', 'mapRun'),
    onMapRuns('GetExecutionHistory', 'execution'),
    expect.stringMatching(/^Allow sns:Publish <Alerts\w+>$/),
    expect.stringMatching(/^Allow sqs:SendMessage <RunsEndDeadLetters\w+\.Arn>$/),
  ]);
});

test('alerts go to the e-mail address of the context', () => {
  expect(only('AWS::SNS::Subscription').Properties).toMatchObject({ Protocol: 'email', Endpoint: 'team@example.com' });
});

test('the outputs say where everything is, and parameters of Systems Manager say it to the pipelines’ stacks', () => {
  const names = ['Bucket', 'Workgroup', 'Database', 'WarehouseSecret', 'CopyRole', 'Topic'];
  expect(Object.keys(stack.Outputs)).toEqual(expect.arrayContaining(names));
  const parameters = new Map(all('AWS::SSM::Parameter').map(({ Properties }) => [Properties.Name, Properties.Value]));
  for (const name of names) expect(parameters.get(`/Sluice/${name}`)).toEqual(stack.Outputs[name]?.Value);
});

test('the logs of the warehouse have an end, also where Redshift writes the first line of them', () => {
  const groups = all('AWS::Logs::LogGroup').filter(({ Properties }) => /redshift/.test(Properties.LogGroupName));
  expect(groups.map(({ Properties }) => [Properties.LogGroupName, Properties.RetentionInDays])).toEqual([
    ['/aws/redshift/sluice/userlog', 365],
    ['/aws/redshift/sluice/connectionlog', 365],
  ]);
  const { LogExports } = only('AWS::RedshiftServerless::Namespace').Properties;
  expect(LogExports).toEqual(['userlog', 'connectionlog']);
});
