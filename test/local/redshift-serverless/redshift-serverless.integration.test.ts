import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbeddedAws } from '#local/index.ts';
import { clientConfiguration } from '../../worlds/local/clients.ts';
import { temporaryDirectory, writeAssembly } from '../../worlds/local/cloud-assembly.ts';

const namespace = {
  Type: 'AWS::RedshiftServerless::Namespace',
  Properties: { NamespaceName: 'sluice', DbName: 'lake', AdminUsername: 'boss', ManageAdminPassword: true },
};
const resources = {
  Namespace: namespace,
  Workgroup: {
    Type: 'AWS::RedshiftServerless::Workgroup',
    Properties: { WorkgroupName: 'queries', NamespaceName: { Ref: 'Namespace' } },
  },
};
const Outputs = { Secret: { Value: { 'Fn::GetAtt': ['Namespace', 'Namespace.AdminPasswordSecretArn'] } } };

test("the app's namespace answers the Data API, to the secret that was made for its administrator", async () => {
  const assembly = writeAssembly({ App: { template: { Resources: resources, Outputs } } });
  const state = temporaryDirectory();
  const query = async (WorkgroupName: string, Sql: string) => {
    const aws = await startEmbeddedAws({ assembly, state });
    onTestFinished(() => aws.close());
    const client = new RedshiftDataClient(clientConfiguration(aws.url));
    const SecretArn = aws.outputs('App')['Secret'];
    const { Id } = await client.send(new ExecuteStatementCommand({ WorkgroupName, Database: 'lake', SecretArn, Sql }));
    const described = await client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 10 }));
    expect(described).toMatchObject({ Status: 'FINISHED' });
    const rows = described.HasResultSet ? await client.send(new GetStatementResultCommand({ Id })) : undefined;
    await aws.close();
    return rows?.Records;
  };

  await query('queries', 'CREATE TABLE t AS SELECT 7 AS n');

  expect(await query('queries', 'SELECT n FROM t')).toEqual([[{ longValue: 7 }]]);
  await expect(query('other', 'SELECT 1')).rejects.toThrow("Redshift endpoint doesn't exist in this region: other");
});

test('an app with two namespaces is refused', async () => {
  const two = { One: namespace, Other: { ...namespace, Properties: { NamespaceName: 'other' } } };
  const assembly = writeAssembly({ App: { template: { Resources: two } } });

  await expect(startEmbeddedAws({ assembly, state: temporaryDirectory() })).rejects.toThrow(
    'The embedded AWS has one warehouse; the app declares two namespaces.',
  );
});
