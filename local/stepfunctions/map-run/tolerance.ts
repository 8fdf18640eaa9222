import type { Activation } from '../activation/activation.ts';
import type { MapState } from '../definition/machine.ts';
import { StateFailure } from '../errors.ts';

/** What a Map says of failed items; undefined where it says nothing. */
export interface Tolerance {
  count: number | undefined;
  percentage: number | undefined;
}

export async function toleranceOf(activation: Activation<MapState>): Promise<Tolerance> {
  const { ToleratedFailurePercentage: template } = activation.state;
  const count = await activation.integer('ToleratedFailureCount', [0, Number.MAX_SAFE_INTEGER]);
  if (template === undefined) return { count, percentage: undefined };
  const percentage = await activation.typed<number>(template, 'ToleratedFailurePercentage', 'number');
  if (percentage >= 0 && percentage <= 100) return { count, percentage };
  const reason = `ToleratedFailurePercentage must be between 0 and 100 but was: ${percentage}`;
  throw activation.queryFailure('ToleratedFailurePercentage', reason);
}

/** How many of `items` may fail; undefined where the Map says nothing. */
export function toleratedFailures({ count, percentage }: Tolerance, items: number): number | undefined {
  if (percentage === undefined) return count;
  return Math.min(count ?? items, Math.floor((items * percentage) / 100));
}

export const thresholdExceeded = (activation: Activation<MapState>): StateFailure =>
  new StateFailure(
    'States.ExceedToleratedFailureThreshold',
    activation.cause('The specified tolerated failure threshold was exceeded'),
  );
