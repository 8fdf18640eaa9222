import { Body } from '../body.ts';
import type { Answer, Call } from '../call.ts';
import { checkWrite } from '../conditions.ts';
import { S3Error } from '../errors.ts';
import { document, parseDocument } from '../xml.ts';

export const deleteObject = (call: Call): Answer => {
  const { bucket, key } = call;
  bucket.delete(key, checkWrite(call.headers, bucket.get(key)));
  return { status: 204 };
};

type Requested = { readonly [name: string]: string };

const deleteOne = (call: Call, { Key: key = '', ...rest }: Requested): S3Error | undefined => {
  const other = Object.keys(rest).filter((name) => !name.startsWith('#'));
  if (other.length > 0) return new S3Error('NotImplemented', `This S3 does not delete by ${other.join(', ')}.`);
  call.bucket.delete(key);
  return undefined;
};

export const deleteObjects = async (call: Call): Promise<Answer> => {
  const { bucket } = call;
  const request = parseDocument(await new Body(call.request).text(), 'Delete');
  const objects = (request['Object'] ?? []) as readonly Requested[];
  if (objects.length === 0 || objects.length > 1000) {
    throw new S3Error('MalformedXML', `DeleteObjects in ${bucket.name} takes 1 to 1000 keys; found ${objects.length}.`);
  }
  const outcomes = objects.map((object) => ({ key: object['Key'], error: deleteOne(call, object) }));
  const isQuiet = request['Quiet'] === 'true';
  const body = document('DeleteResult', {
    Deleted: outcomes.flatMap(({ key, error }) => (error || isQuiet ? [] : [{ Key: key }])),
    Error: outcomes.flatMap(({ key, error }) =>
      error ? [{ Key: key, Code: error.code, Message: error.message }] : [],
    ),
  });
  return { body };
};
