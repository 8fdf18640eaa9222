declare module 'ml-logistic-regression' {
  import type { Matrix } from 'ml-matrix';

  export default class LogisticRegression {
    constructor(options: { numSteps: number; learningRate: number });
    /** @param y a column of 0 and 1 */
    train(x: Matrix, y: Matrix): void;
    /** Of each class; the first one scores how likely it is not 0. */
    readonly classifiers: readonly { testScores(x: Matrix): number[] }[];
  }
}
