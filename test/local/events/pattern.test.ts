import { expect, test } from 'vitest';
import { matches, unsupportedMatcher } from '#local/events/pattern.ts';

const event = {
  source: 'aws.states',
  resources: ['arn:one', 'arn:two'],
  detail: { status: 'FAILED', stateMachineArn: 'arn:m', attempts: 2, error: null },
};

test.each([
  ['a listed value', { source: ['aws.s3', 'aws.states'] }, true],
  ['a value that is not listed', { source: ['aws.s3'] }, false],
  ['nested fields, all of them', { detail: { status: ['FAILED'], stateMachineArn: ['arn:m'] } }, true],
  ['nested fields, one of which differs', { detail: { status: ['FAILED'], stateMachineArn: ['arn:n'] } }, false],
  ['a number, by type', { detail: { attempts: ['2'] } }, false],
  ['null', { detail: { error: [null] } }, true],
  ['an item of a list in the event', { resources: ['arn:two'] }, true],
  ['prefix', { detail: { status: [{ prefix: 'FA' }] } }, true],
  ['prefix of something else', { detail: { status: [{ prefix: 'OK' }] } }, false],
  ['suffix', { source: [{ suffix: '.states' }] }, true],
  ['anything-but one', { detail: { status: [{ 'anything-but': 'SUCCEEDED' }] } }, true],
  ['anything-but a list', { detail: { status: [{ 'anything-but': ['RUNNING', 'FAILED'] }] } }, false],
  ['anything-but a prefix', { source: [{ 'anything-but': { prefix: 'aws.' } }] }, false],
  ['anything-but of a missing field', { detail: { missing: [{ 'anything-but': 'x' }] } }, false],
  ['exists', { detail: { status: [{ exists: true }], missing: [{ exists: false }] } }, true],
  ['a field inside a missing one', { nothing: { there: ['x'] } }, false],
])('%s', (_, pattern, expected) => {
  expect(matches(pattern, event)).toBe(expected);
});

test('a matcher that is not supported is found wherever it stands', () => {
  expect(unsupportedMatcher({ detail: { a: ['x', { numeric: ['>', 1] }] } })).toBe('numeric');
  expect(unsupportedMatcher({ a: [{ 'anything-but': { wildcard: '*' } }] })).toBe('wildcard');
  expect(unsupportedMatcher({ a: [{ prefix: 'x' }, 1] })).toBeUndefined();
});
