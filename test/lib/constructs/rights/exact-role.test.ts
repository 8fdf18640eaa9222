import { App, Fn, Stack } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { lakeBucket } from '#lib/constructs/lake.ts';
import { exactRole } from '#lib/constructs/rights/exact-role.ts';
import type { Right } from '#lib/contract/rights.ts';

function findings(rights: (stack: Stack) => Right[]): string[] {
  const stack = new Stack(new App(), 'Probe');
  exactRole(stack, 'Role', { services: ['lambda'], rights: rights(stack) });
  const { violations } = new AwsSolutionsChecks().validateScope(stack);
  return violations.map(({ ruleName }) => ruleName).filter((rule) => rule.includes('IAM'));
}

test('a wildcard without a reason is refused, with the role and the resource', () => {
  const right = { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::lake/raw/*'] };
  expect(() => findings(() => [right])).toThrow(/Probe\/Role: the right to s3:GetObject on arn:aws:s3:::lake\/raw\/\*/);
});

test.each([
  ['of another stack', () => `arn:aws:s3:::${Fn.importValue('Sluice:Bucket')}/raw/*`],
  ['of the same stack', (stack: Stack) => lakeBucket(stack, 'Lake').arnForObjects('raw/*')],
  ['of no resource type', () => '*'],
])('a wildcard %s with a reason is no finding', (_, resource) => {
  const right = (stack: Stack) => ({ actions: ['a:Do'], resources: [resource(stack)], wildcards: 'needed' });
  expect(findings((stack) => [right(stack)])).toEqual([]);
});

test('a wildcard in an action stays a finding', () => {
  const right = { actions: ['s3:*'], resources: ['arn:aws:s3:::lake'], wildcards: 'needed' };
  expect(findings(() => [right])).toEqual(['AwsSolutions-IAM5[Action::s3:*]']);
});
