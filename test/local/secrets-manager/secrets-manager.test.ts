import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SecretsManager } from '#local/secrets-manager/secrets-manager.ts';
import { temporaryDirectory } from '../../worlds/local/cloud-assembly.ts';

function secrets(file = join(temporaryDirectory(), 'secrets.json')) {
  const manager = new SecretsManager(file);
  return { manager, file, ...manager.operations };
}

test('a secret is found by name, by ARN, and by ARN without the letters at its end', () => {
  const { CreateSecret, GetSecretValue } = secrets();
  const { ARN } = CreateSecret({ Name: 'github', SecretString: 'x' });

  for (const SecretId of ['github', ARN, ARN.slice(0, -7)]) expect(GetSecretValue({ SecretId }).SecretString).toBe('x');
});

test('a new value replaces the old one, which stays as the previous', () => {
  const { CreateSecret, PutSecretValue, GetSecretValue, DescribeSecret } = secrets();
  const SecretId = CreateSecret({ Name: 'github', SecretString: 'old', ClientRequestToken: 'v1' }).Name;
  PutSecretValue({ SecretId, SecretString: 'new', ClientRequestToken: 'v2' });

  expect(GetSecretValue({ SecretId })).toMatchObject({ SecretString: 'new', VersionStages: ['AWSCURRENT'] });
  expect(GetSecretValue({ SecretId, VersionStage: 'AWSPREVIOUS' }).SecretString).toBe('old');
  expect(GetSecretValue({ SecretId, VersionId: 'v1' }).SecretString).toBe('old');
  expect(DescribeSecret({ SecretId }).VersionIdsToStages).toEqual({ v1: ['AWSPREVIOUS'], v2: ['AWSCURRENT'] });
});

test('a request that is sent twice counts once', () => {
  const { CreateSecret, PutSecretValue, GetSecretValue } = secrets();
  const SecretId = CreateSecret({ Name: 'github', SecretString: 'old' }).Name;
  for (let i = 0; i < 2; i++) PutSecretValue({ SecretId, SecretString: 'new', ClientRequestToken: 'same' });

  expect(GetSecretValue({ SecretId, VersionStage: 'AWSPREVIOUS' }).SecretString).toBe('old');
});

test('values outlive the process, readable by their owner only', () => {
  const { CreateSecret, file } = secrets();
  CreateSecret({ Name: 'github', SecretString: 'x' });

  expect(secrets(file).GetSecretValue({ SecretId: 'github' })).toMatchObject({
    SecretString: 'x',
    CreatedDate: expect.any(Date),
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a deployment leaves a value that is there alone', () => {
  const { manager, PutSecretValue, GetSecretValue } = secrets();
  manager.ensure('github', { value: () => '{}' });
  PutSecretValue({ SecretId: 'github', SecretString: '{"token":"t"}' });
  manager.ensure('github', { value: () => '{}' });

  expect(GetSecretValue({ SecretId: 'github' }).SecretString).toBe('{"token":"t"}');
});

test('secrets are listed page by page', () => {
  const { CreateSecret, ListSecrets } = secrets();
  for (const Name of ['a', 'b', 'c']) CreateSecret({ Name, SecretString: 'x' });

  const { SecretList, NextToken } = ListSecrets({ MaxResults: 2 });

  expect(SecretList.map(({ Name }) => Name)).toEqual(['a', 'b']);
  expect(ListSecrets({ MaxResults: 2, ...(NextToken && { NextToken }) })).toEqual({
    SecretList: [expect.objectContaining({ Name: 'c' })],
  });
});

test('what is not there, or is there already, is an error of the API', () => {
  const { CreateSecret, GetSecretValue, PutSecretValue } = secrets();
  CreateSecret({ Name: 'github' });

  expect(() => GetSecretValue({ SecretId: 'other' })).toThrow("can't find the specified secret.");
  expect(() => GetSecretValue({ SecretId: 'github' })).toThrow(
    "can't find the specified secret value for staging label: AWSCURRENT",
  );
  expect(() => CreateSecret({ Name: 'github' })).toThrow('the secret github already exists');
  expect(() => PutSecretValue({ SecretId: 'github' })).toThrow('as SecretString only');
});

test('a secret is deleted at once, and only so; then its name is free', () => {
  const { CreateSecret, DeleteSecret, GetSecretValue, file } = secrets();
  CreateSecret({ Name: 'github', SecretString: 'old' });

  expect(() => DeleteSecret({ SecretId: 'github' })).toThrow('ForceDeleteWithoutRecovery must be true');
  expect(DeleteSecret({ SecretId: 'github', ForceDeleteWithoutRecovery: true })).toMatchObject({ Name: 'github' });
  expect(() => GetSecretValue({ SecretId: 'github' })).toThrow("can't find the specified secret.");
  expect(() => secrets(file).GetSecretValue({ SecretId: 'github' })).toThrow("can't find the specified secret.");
  CreateSecret({ Name: 'github', SecretString: 'new' });
  expect(GetSecretValue({ SecretId: 'github' }).SecretString).toBe('new');
});
