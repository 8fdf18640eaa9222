import type { Activation, Outcome } from '../activation/activation.ts';
import type { MapState } from '../definition/machine.ts';
import { Aborted, StateFailure } from '../errors.ts';
import { failureOf } from '../history/events.ts';
import { bytesOf, type Json, type Written, written } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { childInputs } from '../map-run/batches.ts';
import { readItems } from '../map-run/item-reader.ts';
import { givenItems } from '../map-run/items.ts';
import { MapRun } from '../map-run/map-run.ts';
import { resultOf, writeResults } from '../map-run/result-writer.ts';
import { toleranceOf } from '../map-run/tolerance.ts';

/** A Map whose items are processed by executions of their own. */
export async function runDistributed(activation: Activation<MapState>): Promise<Outcome> {
  const { frame, state } = activation;
  const given = state.ItemReader ? undefined : await givenItems(activation);
  frame.record('MapStateStarted', { mapStateStartedEventDetails: { length: given?.length ?? 0 } });
  const maxConcurrency = (await activation.integer('MaxConcurrency', [0, Number.MAX_SAFE_INTEGER])) ?? 0;
  const mapRun = new MapRun(activation, { maxConcurrency, tolerance: await toleranceOf(activation) });
  frame.record('MapRunStarted', { mapRunStartedEventDetails: { mapRunArn: mapRun.record.mapRunArn } });
  const result = await run(activation, mapRun, given).catch((error: unknown) => {
    recordEnd(activation, mapRun, error);
    throw error;
  });
  mapRun.end('SUCCEEDED');
  frame.record('MapRunSucceeded');
  frame.record('MapStateSucceeded');
  return activation.complete(state, { result: result.value, fallback: result, next: state.Next });
}

async function run(activation: Activation<MapState>, mapRun: MapRun, given: Json[] | undefined): Promise<Written> {
  const { state } = activation;
  const { ItemReader: reader, ResultWriter: writer } = state;
  const items = reader ? await readItems(activation, reader) : { items: given ?? [], source: 'STATE_DATA' };
  const inputs = await childInputs(activation, items);
  const concurrency = mapRun.record.maxConcurrency || LIMITS.childExecutions;
  try {
    await mapRun.run(inputs, Math.min(concurrency, LIMITS.childExecutions));
  } catch (error) {
    if (error instanceof StateFailure && writer?.Resource) await writeResults(activation, mapRun, writer);
    throw error;
  }
  if (writer?.Resource) return written(await writeResults(activation, mapRun, writer));
  const result = written(resultOf(mapRun.members, writer?.WriterConfig));
  if (bytesOf(result.json) > LIMITS.payloadBytes) throw activation.tooLarge(activation.name, 'any');
  return result;
}

function recordEnd({ frame }: Activation<MapState>, mapRun: MapRun, error: unknown): void {
  if (error instanceof Aborted) {
    mapRun.end('ABORTED');
    frame.recordAborted('MapRunAborted');
    return;
  }
  mapRun.end('FAILED');
  if (error instanceof StateFailure) frame.record('MapRunFailed', { mapRunFailedEventDetails: failureOf(error) });
}
