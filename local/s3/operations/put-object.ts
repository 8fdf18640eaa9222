import { createReadStream } from 'node:fs';
import { Body } from '../body.ts';
import type { Bucket, ObjectFacts } from '../bucket.ts';
import { type Answer, type Call, foundObject, quoted, thisSecond } from '../call.ts';
import { checksumElement, checksumHeaders, parseAlgorithm } from '../checksum.ts';
import { checkRead, checkWrite } from '../conditions.ts';
import { S3Error } from '../errors.ts';
import { keptHeaders } from '../object-headers.ts';
import { orRemove, writeWhole } from '../upload.ts';
import { document } from '../xml.ts';

/** Brings a body to disk and makes it the object of the call's key, if the call's conditions hold then. */
const putBody = async (call: Call, body: Body, headers: Readonly<Record<string, string>>): Promise<ObjectFacts> => {
  const { bucket, key } = call;
  const check = checkWrite(call.headers, bucket.get(key));
  const path = bucket.temporary();
  await writeWhole(body.chunks(), path);
  const { size, md5, checksum } = body.received;
  const facts: ObjectFacts = { size, etag: md5, modified: thisSecond(), headers, ...(checksum && { checksum }) };
  await orRemove(path, () => bucket.put(key, { path, facts }, check));
  return facts;
};

export const putObject = async (call: Call): Promise<Answer> => {
  const { etag, checksum } = await putBody(call, new Body(call.request), keptHeaders(call.headers));
  return {
    headers: { etag: quoted(etag), 'x-amz-server-side-encryption': 'AES256', ...checksumHeaders(checksum) },
  };
};

const sourceOf = (call: Call): { bucket: Bucket; key: string } => {
  const [path = '', query] = (call.header('x-amz-copy-source') ?? '').split('?');
  if (query !== undefined) throw new S3Error('NotImplemented', `This S3 keeps no versions: ${query}.`);
  const [name = '', ...key] = decodeURIComponent(path).replace(/^\//, '').split('/');
  return { bucket: call.store.bucket(name), key: key.join('/') };
};

export const copyObject = async (call: Call): Promise<Answer> => {
  const { bucket, key } = sourceOf(call);
  const source = foundObject(bucket, key);
  checkRead(call.headers, source, 'x-amz-copy-source-');
  const isReplaced = call.header('x-amz-metadata-directive') === 'REPLACE';
  if (bucket === call.bucket && key === call.key && !isReplaced) {
    throw new S3Error('InvalidRequest', 'This copy request is illegal because it changes nothing about the object.');
  }
  const algorithm = parseAlgorithm(call.header('x-amz-checksum-algorithm')) ?? source.checksum?.algorithm;
  const body = new Body({ headers: {}, body: createReadStream(bucket.pathOf(source)) }, algorithm);
  const facts = await putBody(call, body, isReplaced ? keptHeaders(call.headers) : source.headers);
  return {
    body: document('CopyObjectResult', {
      ETag: quoted(facts.etag),
      LastModified: facts.modified,
      ...checksumElement(facts.checksum),
    }),
  };
};
