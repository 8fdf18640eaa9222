/** The state of runs, as JSON objects in the data-lake bucket. Nothing else keeps state. */
import { randomUUID } from 'node:crypto';
import { pipeline, type Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import {
  type _Object,
  GetObjectCommand,
  type ListObjectsV2CommandOutput,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Damaged, damageOf } from './errors.ts';

interface Stored {
  /** As written, and `writer`: the id of the write. */
  readonly value: Record<string, unknown>;
  readonly etag: string;
}

/** An object as a listing has it. */
interface Listed {
  readonly key: string;
  readonly etag: string;
}

/** A write that took effect, or what stands in its place (undefined: gone in the meantime). */
type Written =
  | { readonly written: true; readonly etag: string }
  | { readonly written: false; readonly found: Stored | undefined };

/** Every write is conditional and carries an id, so that a conflict with one's own write, its answer lost, is success. */
export interface Store {
  /** Writes an object that must not exist yet. */
  create(key: string, value: object): Promise<Written>;
  /** Writes in the place of the version that was read. */
  replace(key: string, value: object, etag: string): Promise<Written>;
  /**
   * Undefined where there is none.
   * @throws Damaged where it is no JSON, or not what was written
   */
  read(key: string): Promise<Stored | undefined>;
  /** Every key under a prefix, in order. */
  list(prefix: string): Promise<string[]>;
  /** The objects under a prefix whose keys come after a text, in order, as far as they are taken. */
  objects(prefix: string, after: string): AsyncGenerator<Listed>;
  /** The next path segments under a prefix that ends with `/`: whole prefixes, each ending with `/`, in order. */
  folders(prefix: string): Promise<string[]>;
  /**
   * What an object held before it was gzipped, as it comes.
   * @throws Damaged where it is cut off, or gone
   */
  unzipped(key: string): AsyncGenerator<Uint8Array>;
  /** `s3://…`, for people and for the warehouse. */
  url(key: string): string;
}

type Condition = { IfNoneMatch: '*' } | { IfMatch: string };
interface Place {
  readonly client: S3Client;
  readonly bucket: string;
}

/** The store in a bucket of S3. Needs s3:GetObject, s3:PutObject and s3:ListBucket on the prefixes that it is used for. */
export function s3Store(place: Place): Store {
  return {
    create: (key, value) => write(place, { key, value, condition: { IfNoneMatch: '*' } }),
    replace: (key, value, etag) => write(place, { key, value, condition: { IfMatch: etag } }),
    read: (key) => read(place, key),
    list: async (prefix) => (await pages(place, { Prefix: prefix })).flatMap((page) => page.Contents ?? []).map(keyOf),
    objects: (prefix, after) => objects(place, { Prefix: prefix, StartAfter: after }),
    folders: async (prefix) =>
      (await pages(place, { Prefix: prefix, Delimiter: '/' }))
        .flatMap((page) => page.CommonPrefixes ?? [])
        .map((folder) => folder.Prefix ?? ''),
    unzipped: (key) => unzipped(place, key),
    url: (key) => urlOf(place, key),
  };
}

const urlOf = ({ bucket }: Place, key: string) => `s3://${bucket}/${key}`;

const keyOf = (object: _Object) => object.Key ?? '';

async function pages({ client, bucket }: Place, under: { Prefix: string; Delimiter?: string }) {
  const answers: ListObjectsV2CommandOutput[] = [];
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, ...under })) answers.push(page);
  return answers;
}

async function* objects({ client, bucket }: Place, of: { Prefix: string; StartAfter: string }) {
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, ...of }))
    for (const object of Contents) yield { key: keyOf(object), etag: object.ETag ?? '' };
}

async function read(place: Place, key: string): Promise<Stored | undefined> {
  const { client, bucket } = place;
  try {
    const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const text = (await Body?.transformToString()) ?? '';
    return { value: parse(text, urlOf(place, key)), etag: ETag ?? '' };
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    const damage = damageOf(error);
    if (damage === undefined) throw error;
    throw new Damaged(`Reading ${urlOf(place, key)}: ${damage}.`, { cause: error });
  }
}

function parse(text: string, url: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    const begins = text === '' ? 'it is empty' : `it begins with ${JSON.stringify(text.slice(0, 60))}`;
    throw new Damaged(`Reading ${url}: it is no JSON: ${begins}, and has ${text.length} characters.`, { cause });
  }
}

async function* unzipped(place: Place, key: string): AsyncGenerator<Uint8Array> {
  try {
    const { Body } = await place.client.send(new GetObjectCommand({ Bucket: place.bucket, Key: key }));
    // What fails on the way fails the reading of the last stream, so the callback has nothing to do.
    yield* pipeline(Body as Readable, createGunzip(), () => {});
  } catch (cause) {
    const what = cause instanceof NoSuchKey ? 'there is no such object, though a manifest names it' : damageOf(cause);
    if (what === undefined) throw cause;
    throw new Damaged(
      `Reading ${urlOf(place, key)}: ${what}. Put the object back, or run that date from its sources.`,
      { cause },
    );
  }
}

interface Write {
  readonly key: string;
  readonly value: object;
  readonly condition: Condition;
}

async function write(place: Place, { key, value, condition }: Write): Promise<Written> {
  const writer = randomUUID();
  const Body = JSON.stringify({ ...value, writer });
  const put = { Bucket: place.bucket, Key: key, Body, ContentType: 'application/json', ...condition };
  try {
    const { ETag } = await undisturbed(() => place.client.send(new PutObjectCommand(put)));
    return { written: true, etag: ETag ?? '' };
  } catch (error) {
    const status = statusOf(error);
    if (status === 412 || (status === 404 && 'IfMatch' in condition)) return lostOrTaken(place, key, writer);
    throw error;
  }
}

const statusOf = (error: unknown) => (error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined);

const PAUSES_MS = [50, 200, 800, 1600];

/** S3 answers 409 while another conditional write of the same key is under way. */
async function undisturbed<T>(send: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await send();
    } catch (error) {
      if (statusOf(error) !== 409) throw error;
      await sleep(pause);
    }
  }
  return send();
}

async function lostOrTaken(place: Place, key: string, writer: string): Promise<Written> {
  const found = await read(place, key);
  return found?.value['writer'] === writer ? { written: true, etag: found.etag } : { written: false, found };
}
