import { type Answer, type Call, quoted } from '../call.ts';
import { S3Error } from '../errors.ts';
import { type Listing, list } from '../listing.ts';
import { document } from '../xml.ts';

const OWNER = { ID: '0'.repeat(64), DisplayName: 'sluice' };

export const listBuckets = (call: Call): Answer => ({
  body: document('ListAllMyBucketsResult', {
    Owner: OWNER,
    Buckets: {
      Bucket: call.store.buckets().map(({ name, created }) => ({ Name: name, CreationDate: created.toISOString() })),
    },
  }),
});

export const createBucket = (call: Call): Answer => {
  const { name } = call.store.create(call.request.bucket ?? '');
  return { headers: { location: `/${name}` } };
};

/** Throws where there is no such bucket. */
const mustExist = (call: Call): unknown => call.bucket;

export const headBucket = (call: Call): Answer => {
  mustExist(call);
  return { headers: { 'x-amz-bucket-region': 'us-east-1' } };
};

export const getBucketLocation = (call: Call): Answer => {
  mustExist(call);
  // Empty is us-east-1.
  return { body: document('LocationConstraint', '') };
};

const encoderOf = (call: Call): ((text: string) => string) => {
  const type = call.query('encoding-type');
  if (type === undefined) return (text) => text;
  if (type === 'url') return (text) => encodeURIComponent(text).replaceAll('%2F', '/');
  throw new S3Error('InvalidArgument', 'Invalid Encoding Method specified in Request', {
    ArgumentName: 'encoding-type',
    ArgumentValue: type,
  });
};

const pageOf = (call: Call): Listing => {
  const token = call.query('continuation-token');
  const after = token === undefined ? call.query('start-after') : Buffer.from(token, 'base64url').toString('utf8');
  return list(call.bucket.keys, {
    prefix: call.query('prefix') ?? '',
    delimiter: call.query('delimiter') ?? '',
    after: after ?? '',
    maxKeys: call.count('max-keys', 1000),
  });
};

const contents = (call: Call, key: string) => {
  const object = call.bucket.get(key);
  return (
    object && {
      Key: encoderOf(call)(key),
      LastModified: object.modified,
      ETag: quoted(object.etag),
      ...(object.checksum && {
        ChecksumAlgorithm: object.checksum.algorithm.toUpperCase(),
        ChecksumType: object.checksum.type,
      }),
      Size: object.size,
      ...(call.query('fetch-owner') === 'true' && { Owner: OWNER }),
      StorageClass: 'STANDARD',
    }
  );
};

export const listObjectsV2 = (call: Call): Answer => {
  const encode = encoderOf(call);
  const encoded = (name: string) => (call.query(name) === undefined ? undefined : encode(call.query(name) as string));
  const { keys, commonPrefixes, next } = pageOf(call);
  const body = document('ListBucketResult', {
    Name: call.bucket.name,
    Prefix: encode(call.query('prefix') ?? ''),
    Delimiter: encoded('delimiter'),
    StartAfter: encoded('start-after'),
    ContinuationToken: call.query('continuation-token'),
    NextContinuationToken: next === undefined ? undefined : Buffer.from(next).toString('base64url'),
    KeyCount: keys.length + commonPrefixes.length,
    MaxKeys: call.count('max-keys', 1000),
    EncodingType: call.query('encoding-type'),
    IsTruncated: next !== undefined,
    Contents: keys.map((key) => contents(call, key)),
    CommonPrefixes: commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  });
  return { body };
};
