// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub writes its placeholders like this
import { expect, test } from 'vitest';
import { resolve } from '#local/assembly/intrinsics.ts';
import { BOOTSTRAP_PARAMETERS, stackScope } from '#local/assembly/scope.ts';
import { template } from '#local/assembly/template.ts';

const scope = stackScope(
  {
    name: 'App',
    template: template.parse({
      Parameters: {
        Stage: { Type: 'String', Default: 'dev' },
        NoDefault: { Type: 'String' },
        BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' },
      },
      Mappings: { Sizes: { dev: { memory: 128 } } },
      Conditions: {
        IsDev: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] },
        IsProd: { 'Fn::Not': [{ Condition: 'IsDev' }] },
        Either: { 'Fn::Or': [{ Condition: 'IsDev' }, { Condition: 'IsProd' }] },
        Both: { 'Fn::And': [{ Condition: 'IsDev' }, { Condition: 'IsProd' }] },
      },
      Resources: { Bucket: { Type: 'AWS::S3::Bucket' } },
    }),
  },
  new Map([['Bucket', { id: 'lake', attributes: { Arn: 'arn:aws:s3:::lake', 'Endpoint.Address': 'here' } }]]),
  { exports: new Map([['Platform:Topic', 'arn:topic']]), parameters: new Map(BOOTSTRAP_PARAMETERS) },
);
const resolved = (value: unknown) => resolve(value, scope);

test.each([
  ['Ref of a resource', { Ref: 'Bucket' }, 'lake'],
  ['Ref of a parameter', { Ref: 'Stage' }, 'dev'],
  ['Ref of the bootstrap version', { Ref: 'BootstrapVersion' }, '30'],
  ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
  ['Fn::GetAtt', { 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'arn:aws:s3:::lake'],
  ['Fn::GetAtt as text, of a nested attribute', { 'Fn::GetAtt': 'Bucket.Endpoint.Address' }, 'here'],
  ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Stage' }]] }, 'a-dev'],
  ['Fn::Select of Fn::GetAZs', { 'Fn::Select': ['1', { 'Fn::GetAZs': '' }] }, 'us-east-1b'],
  ['Fn::Split', { 'Fn::Split': ['/', 'a/b'] }, ['a', 'b']],
  ['Fn::ImportValue', { 'Fn::ImportValue': 'Platform:Topic' }, 'arn:topic'],
  ['Fn::FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'memory'] }, 128],
  ['Fn::If, evaluating only its branch', { 'Fn::If': ['IsDev', 'yes', { Ref: 'Nowhere' }] }, 'yes'],
  ['Fn::And and Fn::Or', { 'Fn::If': ['Both', 1, { 'Fn::If': ['Either', 2, 3] }] }, 2],
  [
    'Fn::Sub',
    { 'Fn::Sub': '${Bucket}/${Bucket.Arn}/${AWS::AccountId}/${!kept}' },
    'lake/arn:aws:s3:::lake/000000000000/${kept}',
  ],
  ['Fn::Sub with values', { 'Fn::Sub': ['${x}-${Stage}', { x: { Ref: 'Bucket' } }] }, 'lake-dev'],
  ['AWS::NoValue', { a: 1, b: { Ref: 'AWS::NoValue' }, c: [{ Ref: 'AWS::NoValue' }, 2] }, { a: 1, c: [2] }],
])('%s is resolved', (_, value, expected) => {
  expect(resolved(value)).toEqual(expected);
});

test('an object that only looks like a function call is left as it is', () => {
  const policy = { Condition: { Bool: { 'aws:SecureTransport': 'false' } } };

  expect(resolved(policy)).toEqual(policy);
});

test.each([
  [{ Ref: 'Nowhere' }, 'there is no parameter or resource Nowhere'],
  [{ Ref: 'NoDefault' }, 'the parameter NoDefault has no default, and nothing else gives it a value'],
  [{ 'Fn::GetAtt': ['Bucket', 'Colour'] }, 'AWS::S3::Bucket Bucket has no attribute Colour in the embedded AWS'],
  [{ 'Fn::ImportValue': 'x' }, 'no stack before it exports x'],
  [{ 'Fn::Transform': {} }, 'the intrinsic function Fn::Transform is not supported by the embedded AWS'],
  [{ 'Fn::Select': [3, ['a']] }, 'Fn::Select asks for item 3 of a list of 1'],
  [{ 'Fn::FindInMap': ['Sizes', 'dev', 'disk'] }, 'the mapping Sizes has nothing at dev.disk'],
])('%j is an error that names the stack', (value, message) => {
  expect(() => resolved(value)).toThrow(`Deploying the stack App: ${message}.`);
});
