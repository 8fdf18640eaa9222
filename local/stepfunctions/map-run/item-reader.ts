import { gunzipSync } from 'node:zlib';
import type { Activation } from '../activation/activation.ts';
import type { ListedObject } from '../activation/objects.ts';
import type { ItemReader, MapState } from '../definition/machine.ts';
import { StateFailure } from '../errors.ts';
import { isObject, type Json } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { ITEMS_OF } from './formats.ts';

/** Items and where they come from, as `$states.context.Map.Item.Source` tells it. */
export interface Items {
  items: Json[];
  source: string;
}

/** Reads the items of a distributed Map from S3. @throws {StateFailure} States.ItemReaderFailed */
export async function readItems(activation: Activation<MapState>, reader: ItemReader): Promise<Items> {
  const { ReaderConfig: config = {} } = reader;
  const place = await activation.value(reader.Arguments, 'ItemReader/Arguments');
  const most = await activation.wholeNumber({ template: config.MaxItems, field: 'ItemReader/ReaderConfig/MaxItems' }, [
    0,
    LIMITS.mapItems,
  ]);
  try {
    const { items, source } = await read(activation, reader, place);
    return { items: most ? items.slice(0, most) : items, source };
  } catch (error) {
    throw new StateFailure('States.ItemReaderFailed', error instanceof Error ? error.message : String(error));
  }
}

async function read(activation: Activation<MapState>, reader: ItemReader, place: Json): Promise<Items> {
  const { objects } = activation.frame.execution;
  const bucket = textIn(place, 'Bucket');
  if (reader.Resource.endsWith(':listObjectsV2')) {
    const prefix = isObject(place) && 'Prefix' in place ? textIn(place, 'Prefix') : '';
    return { items: (await objects.list(bucket, prefix)).map(itemOf), source: `S3://${bucket}` };
  }
  if (isObject(place) && 'VersionId' in place) throw new Error('This interpreter reads no VersionId of an object.');
  const key = textIn(place, 'Key');
  const { InputType: type = 'JSON' } = reader.ReaderConfig ?? {};
  const text = textOf(await objects.get(bucket, key));
  return { items: ITEMS_OF[type](text, reader.ReaderConfig ?? {}), source: `S3://${bucket}/${key}` };
}

function textIn(place: Json, name: string): string {
  const text = isObject(place) ? place[name] : undefined;
  if (typeof text === 'string') return text;
  throw new Error(`The Arguments need '${name}' as a string, found ${JSON.stringify(text)}.`);
}

/** As UTF-8, unzipped where it is gzip. */
function textOf(bytes: Uint8Array): string {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return new TextDecoder().decode(isGzip ? gunzipSync(bytes) : bytes);
}

const itemOf = ({ key, size, etag, modified }: ListedObject): Json => ({
  Etag: etag,
  Key: key,
  LastModified: Math.floor(modified.getTime() / 1000),
  Size: size,
  StorageClass: 'STANDARD',
});
