import { CloudFormationClient, DescribeStacksCommand, paginateListStacks } from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListStatementsCommand, RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListTopicsCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { stackId } from '#local/assembly/intrinsics.ts';
import { cloudFormationOperations } from '#local/cloudformation/operations.ts';
import { type Endpoint, openEndpoint } from '#local/endpoint/endpoint.ts';
import { jsonHandler } from '#local/endpoint/json-protocol.ts';
import { queryHandler } from '#local/endpoint/query-protocol.ts';
import { restHandler } from '#local/endpoint/rest-protocol.ts';
import { AwsError } from '#local/machine/errors.ts';
import { stsOperations } from '#local/sts/operations.ts';
import { clientConfiguration } from '../../worlds/local/clients.ts';

let endpoint: Endpoint;
let configuration: ReturnType<typeof clientConfiguration>;
beforeAll(async () => {
  endpoint = await openEndpoint(0);
  configuration = clientConfiguration(endpoint.url);
});
afterAll(() => endpoint.close());

test('awsJson: instants arrive as instants, and an error as the exception of its name', async () => {
  const CreatedDate = new Date('2026-11-20T01:02:03.004Z');
  const operations = {
    DescribeSecret: ({ SecretId }: { SecretId: string }) => {
      if (SecretId === 'mine') return { Name: SecretId, CreatedDate };
      throw new AwsError('ResourceNotFoundException', 'no such secret');
    },
  };
  endpoint.handlers.set('secretsmanager', jsonHandler('secretsmanager', operations));
  const client = new SecretsManagerClient(configuration);

  expect(await client.send(new DescribeSecretCommand({ SecretId: 'mine' }))).toMatchObject({ CreatedDate });
  await expect(client.send(new DescribeSecretCommand({ SecretId: 'yours' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'no such secret',
    $metadata: { httpStatusCode: 400 },
  });
});

test('awsQuery: lists and maps arrive in the input, markup survives in the output', async () => {
  const inputs: unknown[] = [];
  const operations = {
    Publish: (input: unknown) => {
      inputs.push(input);
      return { MessageId: 'a < b & "c"' };
    },
    ListTopics: () => ({ Topics: [{ TopicArn: 'one' }], NextToken: undefined }),
  };
  endpoint.handlers.set('sns', queryHandler('sns', operations));
  const client = new SNSClient(configuration);
  const MessageAttributes = { colour: { DataType: 'String', StringValue: 'red' } };

  const { MessageId } = await client.send(new PublishCommand({ TopicArn: 't', Message: 'ä\n<', MessageAttributes }));

  expect(MessageId).toBe('a < b & "c"');
  expect(inputs).toEqual([
    {
      TopicArn: 't',
      Message: 'ä\n<',
      MessageAttributes: [{ Name: 'colour', Value: { DataType: 'String', StringValue: 'red' } }],
    },
  ]);
  expect((await client.send(new ListTopicsCommand())).Topics).toEqual([{ TopicArn: 'one' }]);
});

test('awsQuery: an empty list is a list, and an error the exception of its code', async () => {
  endpoint.handlers.set(
    'sns',
    queryHandler('sns', {
      ListTopics: () => ({ Topics: [] }),
      Publish: () => {
        throw new AwsError('NotFound', 'Topic does not exist', 404);
      },
    }),
  );
  const client = new SNSClient(configuration);

  expect((await client.send(new ListTopicsCommand())).Topics).toEqual([]);
  await expect(client.send(new PublishCommand({ TopicArn: 't', Message: 'm' }))).rejects.toMatchObject({
    name: 'NotFoundException',
    message: 'Topic does not exist',
  });
});

test('CloudFormation: stacks with outputs, page by page', async () => {
  const deployedAt = new Date('2026-11-20T01:02:03Z');
  const stacks = Array.from({ length: 45 }, (_, i) => ({ name: `S${i}`, resources: [], outputs: [], deployedAt }));
  const outputs = [{ key: 'Bucket', value: 'lake', exportName: 'S:Bucket' }];
  const operations = cloudFormationOperations(() => [...stacks, { name: 'Last', resources: [], outputs, deployedAt }]);
  endpoint.handlers.set('cloudformation', queryHandler('cloudformation', operations));
  const client = new CloudFormationClient(configuration);

  const names: (string | undefined)[] = [];
  for await (const page of paginateListStacks({ client }, {})) {
    names.push(...(page.StackSummaries ?? []).map(({ StackName }) => StackName));
  }

  expect(names).toEqual([...stacks.map(({ name }) => name), 'Last']);
  expect((await client.send(new DescribeStacksCommand({ StackName: stackId('Last') }))).Stacks).toEqual([
    {
      StackId: stackId('Last'),
      StackName: 'Last',
      CreationTime: deployedAt,
      StackStatus: 'CREATE_COMPLETE',
      Outputs: [{ OutputKey: 'Bucket', OutputValue: 'lake', ExportName: 'S:Bucket' }],
    },
  ]);
  await expect(client.send(new DescribeStacksCommand({ StackName: 'None' }))).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Stack with id None does not exist',
  });
});

test('an operation and a service that are not there are named', async () => {
  endpoint.handlers.set(
    'lambda',
    restHandler(() => {
      throw new AwsError('ResourceNotFoundException', 'no function', 404);
    }),
  );
  const statements = new RedshiftDataClient(configuration).send(new ListStatementsCommand());
  endpoint.handlers.set('sns', queryHandler('sns', { Publish: () => ({}) }));

  await expect(statements).rejects.toMatchObject({
    name: 'NotImplemented',
    message: 'The service redshift-data is not part of the embedded AWS.',
  });
  await expect(new SNSClient(configuration).send(new ListTopicsCommand())).rejects.toMatchObject({
    name: 'NotImplemented',
    message: "sns's operation ListTopics is not part of the embedded AWS, which knows Publish.",
    $metadata: { httpStatusCode: 501 },
  });
  await expect(new LambdaClient(configuration).send(new InvokeCommand({ FunctionName: 'f' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'no function',
  });
});

test('a defect is told as one, and printed', async () => {
  const printed = vi.spyOn(console, 'error').mockImplementationOnce(() => {});
  endpoint.handlers.set(
    'secretsmanager',
    jsonHandler('secretsmanager', {
      DescribeSecret: () => {
        throw new TypeError('oops');
      },
    }),
  );

  await expect(
    new SecretsManagerClient(configuration).send(new DescribeSecretCommand({ SecretId: 's' })),
  ).rejects.toMatchObject({
    name: 'InternalFailure',
    message: 'The embedded AWS has a defect: oops',
  });
  expect(printed).toHaveBeenCalledOnce();
});

test('a service is told by a presigned query as well', async () => {
  endpoint.handlers.set('sts', queryHandler('sts', stsOperations));
  const query = 'Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Credential=k/20261120/us-east-1/sts/aws4_request';

  const answer = await (await fetch(`${endpoint.url}/?${query}`)).text();

  expect(answer).toContain('<GetCallerIdentityResult><UserId>EMBEDDED</UserId><Account>000000000000</Account>');
});

test('a request without a signature is refused', async () => {
  const response = await fetch(`${endpoint.url}/somewhere`);

  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ __type: 'MissingAuthenticationToken' });
});

test('a busy port is a clear error', async () => {
  const { port } = new URL(endpoint.url);

  await expect(openEndpoint(Number(port))).rejects.toThrow(
    `The port ${port} is in use by another program. Choose another one, or 0 for any that is free.`,
  );
});
