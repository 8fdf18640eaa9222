import type { Activation } from '../activation/activation.ts';
import type { Frame } from '../activation/frame.ts';
import { runTogether } from '../activation/together.ts';
import type { MapState } from '../definition/machine.ts';
import { Aborted, outward, StateFailure } from '../errors.ts';
import type { Json } from '../json.ts';
import { LIMITS } from '../limits.ts';
import type { Behaviour } from './behaviour.ts';

/** An inline Map. */
export const map: Behaviour<MapState> = {
  abortable: true,
  async run(activation) {
    const { frame, state } = activation;
    const items = await itemsOf(activation);
    const concurrency = (await activation.integer('MaxConcurrency', [0, Number.MAX_SAFE_INTEGER])) || items.length;
    const tolerated = await toleratedFailures(activation, items.length);
    frame.record('MapStateStarted', { mapStateStartedEventDetails: { length: items.length } });
    const failures = { count: 0 };
    const iterations = items.map((item, index) => async (signal: AbortSignal) => {
      try {
        return [await iterate(activation, { item, index, signal })];
      } catch (error) {
        if (!(error instanceof StateFailure) || tolerated === undefined) throw error;
        if (++failures.count > tolerated) throw thresholdExceeded(activation);
        return [];
      }
    });
    const outputs = await runTogether(frame, iterations, Math.min(concurrency, LIMITS.inlineMapConcurrency));
    const result = outputs.flat();
    frame.record('MapStateSucceeded');
    return activation.complete(state, { result, fallback: result, next: state.Next });
  },
  failed({ frame }, failure) {
    if (failure.reach !== 'none') frame.record('MapStateFailed');
  },
};

async function itemsOf(activation: Activation<MapState>): Promise<Json[]> {
  const { state, input } = activation;
  if (state.Items !== undefined) return activation.typed<Json[]>(state.Items, 'Items', 'array');
  if (Array.isArray(input)) return input;
  throw activation.queryFailure('Items', `Map state input must be an array but was: ${JSON.stringify(input)}`);
}

/** How many iterations may fail; undefined where the state tolerates none and fails as its iteration did. */
async function toleratedFailures(activation: Activation<MapState>, items: number): Promise<number | undefined> {
  const { ToleratedFailurePercentage: percentage } = activation.state;
  const count = await activation.integer('ToleratedFailureCount', [0, Number.MAX_SAFE_INTEGER]);
  if (percentage === undefined) return count;
  const percent = await activation.typed<number>(percentage, 'ToleratedFailurePercentage', 'number');
  if (percent < 0 || percent > 100) {
    const reason = `ToleratedFailurePercentage must be between 0 and 100 but was: ${percent}`;
    throw activation.queryFailure('ToleratedFailurePercentage', reason);
  }
  return Math.min(count ?? items, Math.floor((items * percent) / 100));
}

const thresholdExceeded = (activation: Activation<MapState>): StateFailure =>
  new StateFailure(
    'States.ExceedToleratedFailureThreshold',
    activation.cause('The specified tolerated failure threshold was exceeded'),
  );

interface Iteration {
  item: Json;
  index: number;
  signal: AbortSignal;
}

async function iterate(activation: Activation<MapState>, { item, index, signal }: Iteration): Promise<Json> {
  const { frame, name, state } = activation;
  const mapItem = { Index: index, Value: item };
  const inner = frame.inner(signal, mapItem);
  inner.record('MapIterationStarted', { mapIterationStartedEventDetails: { name, index } });
  try {
    const input =
      state.ItemSelector === undefined
        ? item
        : await activation.payload(state.ItemSelector, 'ItemSelector', { mapItem });
    const output = await runItem(inner, state, input);
    inner.record('MapIterationSucceeded', { mapIterationSucceededEventDetails: { name, index } });
    return output;
  } catch (error) {
    if (error instanceof Aborted) {
      inner.recordAborted('MapIterationAborted', { mapIterationAbortedEventDetails: { name, index } });
    } else if (error instanceof StateFailure && error.reach !== 'none') {
      inner.record('MapIterationFailed', { mapIterationFailedEventDetails: { name, index } });
    }
    throw error;
  } finally {
    frame.previousEventId = inner.previousEventId;
  }
}

async function runItem(inner: Frame, state: MapState, input: Json): Promise<Json> {
  try {
    return await inner.execution.runStates(inner, state.ItemProcessor, input);
  } catch (error) {
    throw error instanceof StateFailure ? outward(error) : error;
  }
}
