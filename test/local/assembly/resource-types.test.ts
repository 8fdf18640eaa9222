import { expect, test } from 'vitest';
import { describe } from '#local/assembly/resource-types.ts';

const of = (type: string, properties: object = {}) =>
  describe({ stack: 'Sluice', logicalId: 'Thing', type, properties: { ...properties } });

test('a resource without a name gets one of stack and logical id, the same each time', () => {
  const { name } = of('AWS::Lambda::Function');

  expect(name).toMatch(/^Sluice-Thing-[A-Za-z]{8}$/);
  expect(of('AWS::Lambda::Function').name).toBe(name);
});

test('a long name is cut to what the service allows, and a bucket is in lower case', () => {
  const { name } = describe({ stack: 'S'.repeat(60), logicalId: 'Bucket', type: 'AWS::S3::Bucket', properties: {} });

  expect(name).toHaveLength(63);
  expect(name).toBe(name.toLowerCase());
});

test.each([
  ['AWS::S3::Bucket', { BucketName: 'lake' }, { id: 'lake', attributes: { Arn: 'arn:aws:s3:::lake' } }],
  [
    'AWS::StepFunctions::StateMachine',
    { StateMachineName: 'm' },
    { id: 'arn:aws:states:us-east-1:000000000000:stateMachine:m', attributes: { Name: 'm' } },
  ],
  [
    'AWS::Lambda::Version',
    { FunctionName: 'f' },
    { id: 'arn:aws:lambda:us-east-1:000000000000:function:f:1', attributes: { Version: '1' } },
  ],
  [
    'AWS::SNS::Topic',
    { TopicName: 't' },
    { id: 'arn:aws:sns:us-east-1:000000000000:t', attributes: { TopicName: 't' } },
  ],
  ['AWS::IAM::Role', { RoleName: 'r' }, { id: 'r', attributes: { Arn: 'arn:aws:iam::000000000000:role/r' } }],
  [
    'AWS::RedshiftServerless::Workgroup',
    { WorkgroupName: 'w' },
    {
      id: 'w',
      attributes: {
        'Workgroup.WorkgroupArn': 'arn:aws:redshift-serverless:us-east-1:000000000000:workgroup/w',
      },
    },
  ],
])('Ref and attributes of %s %j are those of AWS', (type, properties, expected) => {
  expect(of(type, properties)).toMatchObject(expected);
});

test("the ARN of a secret ends in letters that belong to the secret's name", () => {
  expect(of('AWS::SecretsManager::Secret', { Name: 's' }).id).toMatch(/:secret:s-[A-Za-z]{6}$/);
});

test('an unknown type is an error that names type, logical id and stack', () => {
  expect(() => of('AWS::ECS::Cluster')).toThrow(
    'Deploying the stack Sluice: the embedded AWS does not know the resource type AWS::ECS::Cluster of Thing.',
  );
});
