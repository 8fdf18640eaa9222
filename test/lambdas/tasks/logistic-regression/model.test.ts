import { expect, test } from 'vitest';
import { evaluate } from '#tasks/logistic-regression/model.ts';

/** Outcome 1 where the first number is large; the second says nothing. */
const examples = Array.from({ length: 80 }, (_, id) => {
  const large = id % 3 > 0;
  return {
    id,
    outcome: large ? 1 : 0,
    held_out: id % 4 === 0 ? 1 : 0,
    first: large ? 100 + id : id,
    second: (id * 7) % 5,
  };
});
const unknown = (id: number, first: number) => ({ id, outcome: null, held_out: 0, first, second: 2 });

test('what the numbers tell is learned, measured on what it was not fitted to, and scores what is not known', () => {
  const model = evaluate([...examples, unknown(100, 150), unknown(101, 5)]);
  expect(model?.measured).toMatchObject({ fitted: 60, heldOut: 20 });
  expect(model?.measured.accuracy).toBe(1);
  expect(model?.measured.baseline).toBeCloseTo(0.65, 1);
  const [high, low] = model?.scores ?? [];
  expect([high?.[0], low?.[0]]).toEqual([100, 101]);
  expect(high?.[1]).toBeGreaterThan(0.9);
  expect(low?.[1]).toBeLessThan(0.1);
});

test('a model of numbers that tell nothing is not said to beat the baseline', () => {
  const noise = examples.map((one) => ({ ...one, first: 1, second: 1 }));
  const model = evaluate(noise);
  expect(model?.measured.accuracy).toBe(model?.measured.baseline);
});

test('without both outcomes, or without rows held out, there is no model', () => {
  expect(evaluate(examples.map((one) => ({ ...one, outcome: 1 })))).toBeUndefined();
  expect(evaluate(examples.map((one) => ({ ...one, held_out: 0 })))).toBeUndefined();
  expect(evaluate([])).toBeUndefined();
});
