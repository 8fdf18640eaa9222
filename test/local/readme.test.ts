import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cloudFormationOperations } from '#local/cloudformation/operations.ts';
import { SecretsManager } from '#local/secrets-manager/secrets-manager.ts';
import { Sns } from '#local/sns/sns.ts';
import { StepFunctions } from '#local/stepfunctions/index.ts';
import { stsOperations } from '#local/sts/operations.ts';
import { temporaryDirectory } from '../worlds/local/cloud-assembly.ts';

const readme = readFileSync('local/README.md', 'utf8');
const place = { accountId: '000000000000', region: 'us-east-1' };

test.each([
  ['cloudformation', cloudFormationOperations(() => [])],
  ['stepfunctions', new StepFunctions({ ...place, invoke: async () => null }).operations],
  ['secrets-manager', new SecretsManager(join(temporaryDirectory(), 'secrets.json')).operations],
  ['sns', new Sns(temporaryDirectory()).operations],
  ['sts', stsOperations],
])("the README's table names exactly the operations of %s", (part, operations) => {
  const row = readme.split('\n').find((line) => line.startsWith(`| \`${part}/\``)) ?? '';
  const named = [...row.matchAll(/`([A-Z][A-Za-z]+)`/g)].map(([, operation]) => operation);

  expect(named.toSorted()).toEqual(Object.keys(operations).toSorted());
});
