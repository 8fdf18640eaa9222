import type { Activation } from '../activation/activation.ts';
import type { MapState } from '../definition/machine.ts';
import type { Json } from '../json.ts';

/** The items that a Map is given as data: its Items, or its input. */
export async function givenItems(activation: Activation<MapState>): Promise<Json[]> {
  const { state, input } = activation;
  if (state.Items !== undefined) return activation.typed<Json[]>(state.Items, 'Items', 'array');
  if (Array.isArray(input)) return input;
  throw activation.queryFailure('Items', `Map state input must be an array but was: ${JSON.stringify(input)}`);
}
