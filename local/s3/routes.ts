import type { Answer, Call } from './call.ts';
import { S3Error } from './errors.ts';
import { createBucket, getBucketLocation, headBucket, listBuckets, listObjectsV2 } from './operations/buckets.ts';
import { completeMultipartUpload } from './operations/complete-multipart-upload.ts';
import { deleteObject, deleteObjects } from './operations/delete-object.ts';
import { abortMultipartUpload, createMultipartUpload, listParts, uploadPart } from './operations/multipart-uploads.ts';
import { copyObject, putObject } from './operations/put-object.ts';
import { getObject, headObject } from './operations/read-object.ts';
import type { S3Request } from './request.ts';

interface Route {
  readonly method: string;
  readonly on: 'service' | 'bucket' | 'object';
  /** Parameters of the query that make it this operation. */
  readonly needs?: readonly string[];
  /** Further ones that it understands; any other makes it an operation that is not done. */
  readonly takes?: RegExp;
  /** Whether it is the one with a copy's source. */
  readonly copies?: true;
  readonly run: (call: Call) => Answer | Promise<Answer>;
}

const LISTING = /^(prefix|delimiter|max-keys|continuation-token|start-after|encoding-type|fetch-owner)$/;
const UPLOAD = ['uploadId'];

const ROUTES: readonly Route[] = [
  { method: 'GET', on: 'service', run: listBuckets },
  { method: 'PUT', on: 'bucket', run: createBucket },
  { method: 'HEAD', on: 'bucket', run: headBucket },
  { method: 'GET', on: 'bucket', needs: ['location'], run: getBucketLocation },
  { method: 'GET', on: 'bucket', needs: ['list-type'], takes: LISTING, run: listObjectsV2 },
  { method: 'POST', on: 'bucket', needs: ['delete'], run: deleteObjects },
  { method: 'HEAD', on: 'object', takes: /^response-/, run: headObject },
  { method: 'GET', on: 'object', takes: /^response-/, run: getObject },
  { method: 'PUT', on: 'object', run: putObject },
  { method: 'PUT', on: 'object', copies: true, run: copyObject },
  { method: 'DELETE', on: 'object', run: deleteObject },
  { method: 'POST', on: 'object', needs: ['uploads'], run: createMultipartUpload },
  { method: 'PUT', on: 'object', needs: ['uploadId', 'partNumber'], run: uploadPart },
  { method: 'POST', on: 'object', needs: UPLOAD, run: completeMultipartUpload },
  { method: 'DELETE', on: 'object', needs: UPLOAD, run: abortMultipartUpload },
  { method: 'GET', on: 'object', needs: UPLOAD, takes: /^(max-parts|part-number-marker)$/, run: listParts },
];

/** Of every operation, or of an address presigned in either of the two ways; they choose nothing. */
const ANYWHERE =
  /^(x-id|awsaccesskeyid|signature|expires|x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256|checksum-mode|user-agent))$/i;

const PATHS = { service: '/', bucket: '/{bucket}', object: '/{bucket}/{key}' } as const;

const level = ({ bucket, key }: S3Request): Route['on'] => {
  if (key !== undefined) return 'object';
  return bucket === undefined ? 'service' : 'bucket';
};

const parameters = ({ query }: S3Request): string[] => [...query.keys()].filter((name) => !ANYWHERE.test(name));

const matches = (route: Route, request: S3Request): boolean => {
  const { needs = [], takes = /$^/ } = route;
  const names = parameters(request);
  return (
    route.method === request.method &&
    route.on === level(request) &&
    (route.copies ?? false) === 'x-amz-copy-source' in request.headers &&
    needs.every((name) => names.includes(name)) &&
    names.every((name) => needs.includes(name) || takes.test(name))
  );
};

/**
 * The operation that a request asks for.
 * @throws {S3Error} NotImplemented, naming what was asked for, when it is none of these.
 */
export const findOperation = (request: S3Request): Route['run'] => {
  const route = ROUTES.find((candidate) => matches(candidate, request));
  if (route) return route.run;
  const names = parameters(request).join('&');
  const form = `${request.method} ${PATHS[level(request)]}${names && `?${names}`}`;
  const asked = request.query.get('x-id') ?? form;
  throw new S3Error('NotImplemented', `This S3 does not do ${asked}.`, { Operation: asked });
};
