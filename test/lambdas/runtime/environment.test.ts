import { expect, test } from 'vitest';
import { readEnvironment, required, taskEnvironment } from '#lambdas/runtime/environment.ts';

test('what a stack sets is parsed, connections as JSON', () => {
  expect(
    readEnvironment(taskEnvironment, { SLUICE_BUCKET: 'b', SLUICE_CONNECTIONS: '{"a":"arn:a"}', PATH: '/bin' }),
  ).toEqual({
    SLUICE_BUCKET: 'b',
    SLUICE_CONNECTIONS: { a: 'arn:a' },
    LAMBDA_TASK_ROOT: '.',
  });
});

test('a variable that is missing or wrong is terminal, named, with what to do', () => {
  expect(() => readEnvironment(taskEnvironment, {})).toThrow(
    expect.objectContaining({
      name: 'Sluice.Terminal',
      message: expect.stringMatching(/SLUICE_BUCKET: .*deploy it again/),
    }),
  );
  expect(() => readEnvironment(taskEnvironment, { SLUICE_BUCKET: 'b', SLUICE_CONNECTIONS: '{a' })).toThrow(
    /SLUICE_CONNECTIONS: no JSON: \{a/,
  );
});

test('a variable that only some tasks need is asked for where it is needed', () => {
  const environment = readEnvironment(taskEnvironment, { SLUICE_BUCKET: 'b', SLUICE_DATABASE: 'd' });
  expect(required(environment, 'SLUICE_DATABASE')).toBe('d');
  expect(() => required(environment, 'SLUICE_WORKGROUP')).toThrow(/SLUICE_WORKGROUP is missing/);
});
