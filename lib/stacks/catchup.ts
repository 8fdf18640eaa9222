/** What catching up means for a pipeline that is deployed now: how many runs, and what they cost. */
import { dollarsOf, type Price } from '#lib/asl/index.ts';
import { AppError } from '#lib/constructs/errors.ts';
import type { Graph } from '#lib/dag/index.ts';
import { runsUntil } from '#lib/time/schedule.ts';

/** More runs than these are caught up only where the settings confirm it. */
const RUNS_WITHOUT_CONFIRMATION = 500;

interface Catchup {
  readonly price: Price;
  /** Whether the settings name the pipeline among `confirmedCatchups`. */
  readonly isConfirmed: boolean;
  readonly now: Date;
}

/**
 * A line for whoever synthesizes the pipeline; undefined where nothing is caught up.
 * @throws AppError for very many runs that nobody has confirmed
 */
export function catchupLine(graph: Graph, { price, isConfirmed, now }: Catchup): string | undefined {
  if (!graph.catchup) return undefined;
  const count = [...runsUntil(graph, now)].length;
  const dollars = dollarsOf(count * price.run.transitions).toFixed(2);
  const runs =
    `catchup: ${count.toLocaleString('en')} runs since ${graph.startDate}, ${graph.maxActiveRuns} at a time: ` +
    `about $${dollars} for transitions, and what their tasks cost`;
  if (count <= RUNS_WITHOUT_CONFIRMATION || isConfirmed) return runs;
  throw new AppError(
    `The pipeline '${graph.id}' has ${runs}. More than ${RUNS_WITHOUT_CONFIRMATION} are not begun unasked: give it a ` +
      `later startDate, or name it in confirmedCatchups of the stage in sluice.config.ts.`,
  );
}
