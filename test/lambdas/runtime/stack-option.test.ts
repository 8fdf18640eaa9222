import { expect, test } from 'vitest';
import { stackOption } from '#lambdas/runtime/stack-option.ts';
import { ACCOUNT } from '#local/machine/account.ts';

const of = (account: string) => ({
  dagId: 'github-to-redshift',
  execution: `arn:aws:states:eu-west-1:${account}:execution:Sluice-dev-github-to-redshift:one`,
});

test('a command about a run in an account names the platform stack', () => {
  expect(stackOption(of('123456789012'))).toBe(' --stack Sluice-dev');
});

test('a command about a run on the embedded AWS names none', () => {
  expect(stackOption(of(ACCOUNT))).toBe('');
});
