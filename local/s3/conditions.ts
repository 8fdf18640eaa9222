import type { IncomingHttpHeaders } from 'node:http';
import type { ObjectFacts } from './bucket.ts';
import { S3Error } from './errors.ts';
import { header } from './request.ts';

const bare = (etag: string) => etag.trim().replace(/^W\//, '').replace(/^"|"$/g, '');
const names = (list: string, etag: string) => list.split(',').some((one) => one.trim() === '*' || bare(one) === etag);

const failed = (condition: string) =>
  new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });

const checkAbsent = (value: string, now: ObjectFacts | undefined): void => {
  if (value !== '*') throw new S3Error('NotImplemented', 'A write takes If-None-Match with the value * only.');
  if (now) throw failed('If-None-Match');
};

const checkMatching = (value: string, now: ObjectFacts | undefined): void => {
  if (!now) throw new S3Error('NoSuchKey', 'The specified key does not exist.');
  if (!names(value, now.etag)) throw failed('If-Match');
};

/**
 * Holds a conditional write against the object as it is when the write takes effect. `before` is the object as it was
 * when the request began: where a delete came in between, S3 answers 409 and the client is to look again.
 */
export const checkWrite =
  (headers: IncomingHttpHeaders, before: ObjectFacts | undefined) =>
  (now: ObjectFacts | undefined): void => {
    const noneMatch = header(headers, 'if-none-match');
    const match = header(headers, 'if-match');
    if (before && !now && (noneMatch ?? match) !== undefined) {
      throw new S3Error(
        'ConditionalRequestConflict',
        'The object was deleted while the conditional request was underway.',
      );
    }
    if (noneMatch !== undefined) checkAbsent(noneMatch, now);
    if (match !== undefined) checkMatching(match, now);
  };

/** Holds a conditional read against the object; `prefix` is `x-amz-copy-source-` for the source of a copy. */
export const checkRead = (headers: IncomingHttpHeaders, object: ObjectFacts, prefix = ''): void => {
  const value = (name: string) => header(headers, prefix + name);
  const match = value('if-match');
  const noneMatch = value('if-none-match');
  const unmodified = Date.parse(value('if-unmodified-since') ?? '');
  const modified = Date.parse(value('if-modified-since') ?? '');
  const at = Date.parse(object.modified);
  if (match !== undefined && !names(match, object.etag)) throw failed('If-Match');
  if (match === undefined && at > unmodified) throw failed('If-Unmodified-Since');
  const isUnchanged = noneMatch === undefined ? at <= modified : names(noneMatch, object.etag);
  if (!isUnchanged) return;
  if (prefix !== '') throw failed(noneMatch === undefined ? 'If-Modified-Since' : 'If-None-Match');
  throw new S3Error('NotModified', 'Not Modified', { ETag: object.etag });
};
