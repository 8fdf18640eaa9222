import { expect, test } from 'vitest';
import { scopeOf } from '#lib/pipelines/github-to-redshift/scope.ts';

const WANTED = ['issues', 'commits'] as const;
const scope = (repositories?: Parameters<typeof scopeOf>[0]['repositories']) =>
  scopeOf({ org: 'o', credential: 'c', ...(repositories && { repositories }) }, WANTED);

test('an organisation that says nothing is wanted with all its repositories', () => {
  expect(scope()).toEqual({ listing: { named: [], onlyNamed: false }, only: {} });
  expect(scope({ commits: 'all' })).toEqual(scope());
});

test('a kind of object can be wanted of a list of repositories, or of one; the others still of all', () => {
  expect(scope({ commits: ['core', 'cli'] })).toEqual({
    listing: { named: ['core', 'cli'], onlyNamed: false },
    only: { commits: ['core', 'cli'] },
  });
  expect(scope({ commits: 'core' }).only).toEqual({ commits: ['core'] });
});

test('where every kind names its repositories no others are gone through', () => {
  expect(scope({ commits: ['core', 'cli'], issues: 'core' })).toEqual({
    listing: { named: ['core', 'cli'], onlyNamed: true },
    only: { issues: ['core'], commits: ['core', 'cli'] },
  });
});

test('what is said of a kind that is not fetched does not matter', () => {
  expect(scope({ pull_requests: 'core' })).toEqual(scope());
});

test('repositories that are excepted are left out of the list, whatever else is wanted', () => {
  const organisation = { org: 'o', credential: 'c', except: ['old'], repositories: { commits: 'core' } };
  expect(scopeOf(organisation, WANTED)).toEqual({
    listing: { named: ['core'], onlyNamed: false, except: ['old'] },
    only: { commits: ['core'] },
  });
});
