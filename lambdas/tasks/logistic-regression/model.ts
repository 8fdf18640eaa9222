import LogisticRegression from 'ml-logistic-regression';
import { Matrix } from 'ml-matrix';
import type { Row } from '#lambdas/warehouse/session.ts';

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** How a model measures up, and its scores; undefined where not both outcomes are known to fit, or nothing is held out. */
export function evaluate(rows: readonly Row[]) {
  const known = rows.filter(({ outcome }) => (outcome ?? null) !== null);
  const heldOut = known.filter((row) => Number(row['held_out']) === 1);
  const fitted = known.filter((row) => !heldOut.includes(row));
  const outcomes = fitted.map(({ outcome }) => Number(outcome));
  if (new Set(outcomes).size < 2 || heldOut.length === 0) return undefined;
  const score = fitTo(fitted.map(featuresOf), outcomes);
  const frequent = mean(outcomes) >= 0.5 ? 1 : 0;
  const rightOf = (say: (row: Row) => number) =>
    mean(heldOut.map((row) => Number(say(row) === Number(row['outcome']))));
  const accuracy = rightOf((row) => Math.round(score(row)));
  const measured = { fitted: fitted.length, heldOut: heldOut.length, accuracy, baseline: rightOf(() => frequent) };
  const unknown = rows.filter((row) => !known.includes(row));
  return { measured, scores: unknown.map((row) => [Number(row['id']), score(row)] as const) };
}

const featuresOf = ({ id: _, outcome: __, held_out: ___, ...of }: Row): number[] => Object.values(of).map(Number);

/** @returns how likely the outcome of a row is 1 */
function fitTo(rows: readonly number[][], outcomes: readonly number[]): (row: Row) => number {
  const columns = (rows[0] ?? []).map((_, n) => rows.map((features) => features[n] ?? 0));
  const scales = columns.map((values) => {
    const middle = mean(values);
    return [middle, Math.sqrt(mean(values.map((value) => (value - middle) ** 2))) || 1] as const;
  });
  const scaled = (of: readonly number[]) => [
    1,
    ...scales.map(([middle, spread], n) => ((of[n] ?? 0) - middle) / spread),
  ];
  const model = new LogisticRegression({ numSteps: 3000, learningRate: 0.01 });
  model.train(new Matrix(rows.map(scaled)), Matrix.columnVector([...outcomes]));
  return (row) => model.classifiers[0]?.testScores(new Matrix([scaled(featuresOf(row))]))[0] ?? 0;
}
