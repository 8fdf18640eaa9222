import type { Activation, Outcome } from '../activation/activation.ts';
import type { Frame } from '../activation/frame.ts';
import { runTogether } from '../activation/together.ts';
import { isDistributed, type MapState } from '../definition/machine.ts';
import { Aborted, outward, StateFailure } from '../errors.ts';
import { type Json, type Written, written, writtenList } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { givenItems } from '../map-run/items.ts';
import { thresholdExceeded, toleranceOf, toleratedFailures } from '../map-run/tolerance.ts';
import type { Behaviour } from './behaviour.ts';
import { runDistributed } from './distributed-map.ts';

export const map: Behaviour<MapState> = {
  abortable: true,
  run: (activation) => (isDistributed(activation.state) ? runDistributed(activation) : runInline(activation)),
  failed({ frame }, failure) {
    if (failure.reach !== 'none') frame.record('MapStateFailed');
  },
};

async function runInline(activation: Activation<MapState>): Promise<Outcome> {
  const { frame, state } = activation;
  const items = await givenItems(activation);
  const concurrency = (await activation.integer('MaxConcurrency', [0, Number.MAX_SAFE_INTEGER])) || items.length;
  const tolerated = toleratedFailures(await toleranceOf(activation), items.length);
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
  const result = writtenList(outputs.flat());
  frame.record('MapStateSucceeded');
  return activation.complete(state, { result: result.value, fallback: result, next: state.Next });
}

interface Iteration {
  item: Json;
  index: number;
  signal: AbortSignal;
}

async function iterate(activation: Activation<MapState>, { item, index, signal }: Iteration): Promise<Written> {
  const { frame, name, state } = activation;
  const mapItem = { Index: index, Value: item };
  const inner = frame.inner(signal, mapItem);
  inner.record('MapIterationStarted', { mapIterationStartedEventDetails: { name, index } });
  try {
    const input =
      state.ItemSelector === undefined
        ? written(item)
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

async function runItem(inner: Frame, state: MapState, input: Written): Promise<Written> {
  try {
    return await inner.execution.runStates(inner, state.ItemProcessor, input);
  } catch (error) {
    throw error instanceof StateFailure ? outward(error) : error;
  }
}
