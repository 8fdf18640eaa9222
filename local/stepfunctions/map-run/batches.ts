import type { Activation } from '../activation/activation.ts';
import type { ItemBatcher, MapState } from '../definition/machine.ts';
import { bytesOf, type Json } from '../json.ts';
import { LIMITS } from '../limits.ts';
import type { Items } from './item-reader.ts';

/** The input of one child execution as JSON text, and how many items it holds. */
export interface ChildInput {
  input: string;
  itemCount: number;
}

/** What the child executions get: an item each, or a batch of them, each shaped by ItemSelector. */
export async function childInputs(activation: Activation<MapState>, { items, source }: Items): Promise<ChildInput[]> {
  const { ItemSelector: selector, ItemBatcher: batcher } = activation.state;
  const texts: string[] = [];
  for (const [Index, Value] of items.entries()) {
    const mapItem = { Index, Value, Source: source };
    const item = selector === undefined ? Value : await activation.value(selector, 'ItemSelector', { mapItem });
    texts.push(JSON.stringify(item));
  }
  const inputs = batcher ? await batches(activation, batcher, texts) : texts.map((input) => ({ input, itemCount: 1 }));
  for (const { input } of inputs) {
    if (bytesOf(input) > LIMITS.payloadBytes) throw activation.tooLarge(activation.name, 'any');
  }
  return inputs;
}

async function batches(
  activation: Activation<MapState>,
  { MaxItemsPerBatch, MaxInputBytesPerBatch, BatchInput }: ItemBatcher,
  texts: string[],
): Promise<ChildInput[]> {
  const most = await activation.wholeNumber({ template: MaxItemsPerBatch, field: 'ItemBatcher/MaxItemsPerBatch' }, [
    1,
    LIMITS.mapItems,
  ]);
  const bytes = await activation.wholeNumber(
    { template: MaxInputBytesPerBatch, field: 'ItemBatcher/MaxInputBytesPerBatch' },
    [1, LIMITS.payloadBytes],
  );
  const shared: Json | undefined =
    BatchInput === undefined ? undefined : await activation.value(BatchInput, 'ItemBatcher/BatchInput');
  const start = shared === undefined ? '{"Items":[' : `{"BatchInput":${JSON.stringify(shared)},"Items":[`;
  const limits = { items: most ?? texts.length, bytes: (bytes ?? LIMITS.payloadBytes) - bytesOf(start) - 1 };
  return partition(texts, limits).map((batch) => ({
    input: `${start}${batch.join()}]}`,
    itemCount: batch.length,
  }));
}

/** Consecutive texts, as many together as the limits allow, at least one; each text counts a byte for its separator. */
function partition(texts: string[], limits: { items: number; bytes: number }): string[][] {
  const parts: string[][] = [];
  let part: string[] = [];
  let size = 0;
  for (const text of texts) {
    const bytes = bytesOf(text) + 1;
    if (part.length === limits.items || size + bytes > limits.bytes) {
      if (part.length > 0) parts.push(part);
      part = [];
      size = 0;
    }
    part.push(text);
    size += bytes;
  }
  return part.length > 0 ? [...parts, part] : parts;
}
