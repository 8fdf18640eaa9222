import { Body } from '../body.ts';
import { type Answer, type Call, quoted, thisSecond } from '../call.ts';
import { checksumElement, checksumHeaders, parseAlgorithm } from '../checksum.ts';
import { S3Error } from '../errors.ts';
import { MultipartUpload, type UploadPlan } from '../multipart.ts';
import { keptHeaders } from '../object-headers.ts';
import { orRemove, writeWhole } from '../upload.ts';
import { document } from '../xml.ts';

const MOST_PARTS = 10_000;

/** The upload that a call names by bucket, key and id. */
export const namedUpload = (call: Call) => MultipartUpload.find(call.bucket, call.key, call.query('uploadId') ?? '');

export const createMultipartUpload = (call: Call): Answer => {
  const { bucket, key } = call;
  const algorithm = parseAlgorithm(call.header('x-amz-checksum-algorithm'));
  const whole = call.header('x-amz-checksum-type') === 'FULL_OBJECT' || algorithm === 'crc64nvme';
  const type = whole ? 'FULL_OBJECT' : 'COMPOSITE';
  const plan: UploadPlan = {
    key,
    headers: keptHeaders(call.headers),
    ...(algorithm && { checksum: { algorithm, type } }),
  };
  const { id } = MultipartUpload.begin(bucket, plan);
  return {
    headers: algorithm ? { 'x-amz-checksum-algorithm': algorithm.toUpperCase(), 'x-amz-checksum-type': type } : {},
    body: document('InitiateMultipartUploadResult', { Bucket: bucket.name, Key: key, UploadId: id }),
  };
};

export const uploadPart = async (call: Call): Promise<Answer> => {
  namedUpload(call);
  const number = call.count('partNumber', MOST_PARTS + 1);
  if (number < 1 || number > MOST_PARTS) {
    throw new S3Error('InvalidArgument', `Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`);
  }
  const body = new Body(call.request);
  const path = call.bucket.temporary();
  await writeWhole(body.chunks(), path);
  const { size, md5, checksum } = body.received;
  // Looked for again: the upload may have been aborted while the part arrived.
  await orRemove(path, () => {
    namedUpload(call).putPart(path, { number, size, etag: md5, modified: thisSecond(), ...(checksum && { checksum }) });
  });
  return { headers: { etag: quoted(md5), ...checksumHeaders(checksum) } };
};

export const abortMultipartUpload = (call: Call): Answer => {
  namedUpload(call).end();
  return { status: 204 };
};

export const listParts = (call: Call): Answer => {
  const upload = namedUpload(call);
  const { id, plan } = upload;
  const marker = Number(call.query('part-number-marker') ?? 0);
  const limit = call.count('max-parts', 1000);
  const rest = upload.parts().filter(({ number }) => number > marker);
  const page = rest.slice(0, limit);
  return {
    body: document('ListPartsResult', {
      Bucket: call.bucket.name,
      Key: call.key,
      UploadId: id,
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.number ?? 0,
      MaxParts: limit,
      IsTruncated: page.length < rest.length,
      StorageClass: 'STANDARD',
      ChecksumAlgorithm: plan.checksum?.algorithm.toUpperCase(),
      ChecksumType: plan.checksum?.type,
      Part: page.map((part) => ({
        PartNumber: part.number,
        LastModified: part.modified,
        ETag: quoted(part.etag),
        Size: part.size,
        ...checksumElement(part.checksum),
      })),
    }),
  };
};
