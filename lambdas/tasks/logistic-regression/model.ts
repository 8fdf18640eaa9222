import LogisticRegression from 'ml-logistic-regression';
import { Matrix } from 'ml-matrix';

/** A row as the query gives it. */
export interface Example {
  readonly id: number;
  /** 0 or 1; null where it is not known. */
  readonly outcome: number | null;
  readonly isHeldOut: boolean;
  readonly features: readonly number[];
}
type Known = Example & { readonly outcome: number };

const isKnown = (example: Example): example is Known => example.outcome !== null;
const STEPS = { numSteps: 3000, learningRate: 0.01 };

/** What a model comes to; undefined where both outcomes are not among what it is fitted to, or nothing is held out. */
export function evaluate(examples: readonly Example[]) {
  const known = examples.filter(isKnown);
  const fitted = known.filter(({ isHeldOut }) => !isHeldOut);
  const heldOut = known.filter(({ isHeldOut }) => isHeldOut);
  if (new Set(fitted.map(({ outcome }) => outcome)).size < 2 || heldOut.length === 0) return undefined;
  const score = fitTo(fitted);
  const frequent = mean(fitted.map(({ outcome }) => outcome)) >= 0.5 ? 1 : 0;
  const unknown = examples.filter((example) => !isKnown(example));
  return {
    fitted: fitted.length,
    heldOut: heldOut.length,
    accuracy: mean(heldOut.map((one) => Number(Math.round(score(one)) === one.outcome))),
    baseline: mean(heldOut.map(({ outcome }) => Number(outcome === frequent))),
    scores: unknown.map((one) => ({ id: one.id, score: score(one) })),
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** @returns how likely the outcome of an example is 1 */
function fitTo(examples: readonly Known[]): (example: Example) => number {
  const columns = (examples[0] as Known).features.map((_, n) => examples.map(({ features }) => features[n] ?? 0));
  const scales = columns.map((values) => {
    const middle = mean(values);
    return { middle, spread: Math.sqrt(mean(values.map((value) => (value - middle) ** 2))) || 1 };
  });
  const matrixOf = (rows: readonly Example[]) =>
    new Matrix(rows.map(({ features }) => [1, ...scales.map((by, n) => ((features[n] ?? 0) - by.middle) / by.spread)]));
  const model = new LogisticRegression(STEPS);
  model.train(matrixOf(examples), Matrix.columnVector(examples.map(({ outcome }) => outcome)));
  return (example) => model.classifiers[0]?.testScores(matrixOf([example]))[0] ?? 0;
}
