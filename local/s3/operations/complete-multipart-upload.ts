import { createHash } from 'node:crypto';
import { Body } from '../body.ts';
import { type Answer, type Call, quoted, thisSecond } from '../call.ts';
import { type Checksum, checksumElement, compositeChecksum } from '../checksum.ts';
import { checkWrite } from '../conditions.ts';
import { S3Error } from '../errors.ts';
import type { Part, UploadPlan } from '../multipart.ts';
import { orRemove, writeWhole } from '../upload.ts';
import { document, parseDocument } from '../xml.ts';
import { namedUpload } from './multipart-uploads.ts';

const SMALLEST_PART = 5 * 1024 * 1024;

type Requested = { readonly [name: string]: string };

const sameChecksum = (requested: Requested, { checksum }: Part) =>
  Object.entries(checksumElement(checksum)).every(([name, value]) => (requested[name] ?? value) === value);

const chosenPart = (request: Requested, stored: ReadonlyMap<number, Part>): Part => {
  const part = stored.get(Number(request['PartNumber']));
  if (part && request['ETag']?.replaceAll('"', '') === part.etag && sameChecksum(request, part)) return part;
  throw new S3Error('InvalidPart', 'One or more of the specified parts could not be found, or differ.', {
    PartNumber: request['PartNumber'] ?? '',
    ETag: request['ETag'] ?? '',
  });
};

const checkOrder = (parts: readonly Part[]): void => {
  for (const [index, { number, size }] of parts.slice(0, -1).entries()) {
    const next = parts[index + 1] as Part;
    if (next.number <= number) throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order.');
    if (size < SMALLEST_PART) {
      throw new S3Error('EntityTooSmall', `Part ${number} has ${size} bytes; all but the last have at least 5 MiB.`);
    }
  }
};

/** The stored parts that a completion asks for. */
const chosenParts = (requested: readonly Requested[], stored: readonly Part[]): Part[] => {
  if (requested.length === 0) throw new S3Error('MalformedXML', 'A completion names at least one part.');
  const byNumber = new Map(stored.map((part) => [part.number, part]));
  const parts = requested.map((request) => chosenPart(request, byNumber));
  checkOrder(parts);
  return parts;
};

const checksumOf = (plan: UploadPlan, parts: readonly Part[], whole: Checksum | undefined): Checksum | undefined => {
  if (plan.checksum?.type !== 'COMPOSITE') return whole;
  const { algorithm } = plan.checksum;
  const values = parts.flatMap(({ checksum }) => (checksum?.algorithm === algorithm ? [checksum.value] : []));
  return values.length === parts.length ? compositeChecksum(algorithm, values) : undefined;
};

/** The request without those of its checksum headers that speak of the object rather than of its own body. */
const documentOf = (call: Call): Promise<string> => {
  const headers = Object.entries(call.headers).filter(([name]) => !name.startsWith('x-amz-checksum-'));
  return new Body({ headers: Object.fromEntries(headers), body: call.request.body }).text();
};

const checkWhole = (call: Call, size: number, checksum: Checksum | undefined) => {
  const wanted = call.header('x-amz-mp-object-size');
  if (wanted !== undefined && wanted !== String(size)) {
    throw new S3Error('InvalidRequest', `x-amz-mp-object-size is ${wanted}, but the parts hold ${size} bytes.`);
  }
  const value = checksum && call.header(`x-amz-checksum-${checksum.algorithm}`);
  if (value !== undefined && value !== checksum?.value) {
    throw new S3Error('BadDigest', 'The checksum you specified did not match that of the whole object.');
  }
};

export const completeMultipartUpload = async (call: Call): Promise<Answer> => {
  const { bucket, key } = call;
  const upload = namedUpload(call);
  const check = checkWrite(call.headers, bucket.get(key));
  const request = parseDocument(await documentOf(call), 'CompleteMultipartUpload');
  const parts = chosenParts((request['Part'] ?? []) as readonly Requested[], upload.parts());
  const { plan } = upload;
  const algorithm = plan.checksum?.type === 'FULL_OBJECT' ? plan.checksum.algorithm : undefined;
  const body = new Body({ headers: {}, body: upload.bytesOf(parts) }, algorithm);
  const path = bucket.temporary();
  await writeWhole(body.chunks(), path);
  const { size } = body.received;
  const checksum = checksumOf(plan, parts, body.received.checksum);
  const md5s = createHash('md5').update(Buffer.from(parts.map(({ etag }) => etag).join(''), 'hex'));
  const etag = `${md5s.digest('hex')}-${parts.length}`;
  const facts = { size, etag, modified: thisSecond(), headers: plan.headers, ...(checksum && { checksum }) };
  await orRemove(path, () => {
    checkWhole(call, size, checksum);
    bucket.put(key, { path, facts }, check);
  });
  upload.end();
  return {
    body: document('CompleteMultipartUploadResult', {
      Location: `/${bucket.name}/${key}`,
      Bucket: bucket.name,
      Key: key,
      ETag: quoted(etag),
      ...checksumElement(checksum),
      ChecksumType: checksum?.type,
    }),
  };
};
