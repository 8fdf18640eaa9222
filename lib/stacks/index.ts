import { AslError } from '#lib/asl/index.ts';
import { AppError } from '#lib/constructs/errors.ts';
import { DagError } from '#lib/dag/index.ts';

export { type SynthesizeOptions, synthesize } from './app.ts';

/** Whether an error of `synthesize` is the author's or operator's to mend: its message says how, its stack says nothing. */
export const isMendable = (error: unknown): error is Error =>
  [AppError, DagError, AslError].some((kind) => error instanceof kind);
