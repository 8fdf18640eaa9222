import { expect, test } from 'vitest';
import { Variables } from '#local/stepfunctions/activation/variables.ts';

test('an inner scope sees outer variables, the outer one does not see inner ones', () => {
  const outer = new Variables();
  const inner = new Variables(outer);
  outer.assign({ a: 1 });
  inner.assign({ b: 2 });
  expect(inner.visible()).toEqual({ a: 1, b: 2 });
  expect(outer.visible()).toEqual({ a: 1 });
});

test('assigning gives the JSON texts that the history shows', () => {
  expect(new Variables().assign({ a: 'text', b: { c: [null] } })).toEqual({ a: '"text"', b: '{"c":[null]}' });
});

test('an inner scope cannot assign an outer variable', () => {
  const outer = new Variables();
  outer.assign({ a: 1 });
  expect(() => new Variables(new Variables(outer)).assign({ a: 2 })).toThrow(
    "The variable 'a' belongs to an outer scope",
  );
});

test('the variables assigned at once have at most 256 KiB', () => {
  const half = 'x'.repeat(131_070);
  expect(() => new Variables().assign({ a: half, b: half })).not.toThrow();
  expect(() => new Variables().assign({ a: half, b: `${half}x` })).toThrow('States.DataLimitExceeded');
});

test('all variables of an execution have at most 10 MiB', () => {
  const variables = new Variables();
  const large = 'x'.repeat(262_142);
  for (let i = 0; i < 40; i++) variables.assign({ [`v${i}`]: large });
  expect(() => new Variables(variables).assign({ more: 1 })).toThrow('States.DataLimitExceeded');
});
