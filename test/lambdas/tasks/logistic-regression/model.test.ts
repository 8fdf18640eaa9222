import { expect, test } from 'vitest';
import { type Example, evaluate } from '#tasks/logistic-regression/model.ts';

/** Outcome 1 where the first number is large; the second says nothing. */
const examples = Array.from({ length: 80 }, (_, id): Example => {
  const large = id % 3 > 0;
  return { id, outcome: large ? 1 : 0, isHeldOut: id % 4 === 0, features: [large ? 100 + id : id, (id * 7) % 5] };
});
const unknown = (id: number, first: number): Example => ({ id, outcome: null, isHeldOut: false, features: [first, 2] });

test('what the numbers tell is learned, measured on what it was not fitted to, and scores what is not known', () => {
  const model = evaluate([...examples, unknown(100, 150), unknown(101, 5)]);
  expect(model).toMatchObject({ fitted: 60, heldOut: 20 });
  expect(model?.accuracy).toBe(1);
  expect(model?.baseline).toBeCloseTo(0.65, 1);
  const [high, low] = model?.scores ?? [];
  expect([high?.id, low?.id]).toEqual([100, 101]);
  expect(high?.score).toBeGreaterThan(0.9);
  expect(low?.score).toBeLessThan(0.1);
});

test('a model of numbers that tell nothing is not said to beat the baseline', () => {
  const noise = examples.map((one) => ({ ...one, features: [1, 1] }));
  const model = evaluate(noise);
  expect(model?.accuracy).toBe(model?.baseline);
});

test('without both outcomes, or without rows held out, there is no model', () => {
  expect(evaluate(examples.map((one) => ({ ...one, outcome: 1 })))).toBeUndefined();
  expect(evaluate(examples.map((one) => ({ ...one, isHeldOut: false })))).toBeUndefined();
  expect(evaluate([])).toBeUndefined();
});
