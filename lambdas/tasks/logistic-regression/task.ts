import * as z from 'zod';
import { wrongNames } from '#lib/sql/parameters.ts';
import { isLater, projectFile, taskType, warehouse } from '#sluice';

/**
 * Fits a logistic regression to rows of the warehouse whose outcome is known, measures it on others that it was not
 * fitted to, and scores the rows whose outcome is not known yet.
 *
 * The file's last query gives `id` (integer), `outcome` (0, 1, or null where it is not known), `held_out` (1 of a row that
 * only measures) and, as further columns, numbers that may foretell it. Two tables are kept, one set of rows a logical
 * date: `sluice.model_runs` has how often the model was right on the rows held out, beside how often it would have been to
 * always say what is more frequent; `sluice.model_scores` has each id with its score. Where too little is known to fit,
 * the task is skipped.
 */
export const logisticRegression = taskType('logistic-regression', {
  input: z.object({
    connection: warehouse(),
    /** Under which its results are kept. */
    name: z.string(),
    /** From the project's root: `sql/<pipeline>/<name>.sql`. Its `:name`s are those of `params`. */
    file: projectFile('.sql'),
    params: z.record(z.string(), z.string()).optional(),
  }),
  output: z.object({
    fitted: z.int(),
    heldOut: z.int(),
    /** Of the rows held out, how many the model was right about: 0 to 1. */
    accuracy: z.number(),
    /** The same, of always saying what is more frequent among the rows that it was fitted to. */
    baseline: z.number(),
    scored: z.int(),
  }),
  check: ({ file, params }, { read }) => (isLater(file) ? [] : wrongNames(file, read(file), [params])),
});
