import { expect, test } from 'vitest';
import { Masking } from '#lambdas/runtime/masking.ts';

test('every value of a secret is masked at any depth, the longest first, also as it stands in URLs', () => {
  const masking = new Masking();
  masking.add({ token: 'ab', oauth: { refresh: 'ab+cd' }, keys: ['k/1'] });
  expect(masking.text('ab+cd, ab, k/1, k%2F1, ab%2Bcd')).toBe('***, ***, ***, ***, ***');
});

test('what a secret says openly stays readable', () => {
  const masking = new Masking();
  masking.add({ username: 'sluice', baseUrl: 'https://api.github.com', password: '' });
  expect(masking.text('sluice at https://api.github.com')).toBe('sluice at https://api.github.com');
});

test('an error is masked with its causes, also those whose message cannot be set', () => {
  const masking = new Masking();
  masking.add('hunter2');
  const cause = new DOMException('hunter2 timed out', 'TimeoutError');
  const error = new Error('with hunter2', { cause });
  expect(masking.error(error)).toBe(error);
  expect([error.message, cause.message]).toEqual(['with ***', '*** timed out']);
  expect(`${error.stack}${cause.stack}`).not.toContain('hunter2');
});
