/** A request and its answer, whatever the protocol. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { AwsError } from '../machine/errors.ts';

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export type Handler = (asked: Asked) => Answer | Promise<Answer>;

/** Operations of a service, by name. Input and output are in the API's own casing; instants are Dates. */
// biome-ignore lint/suspicious/noExplicitAny: each operation declares the input that its API promises
export type Operations = Readonly<Record<string, (input: any) => unknown>>;

/** More than any API takes in one request. */
const BODY_LIMIT = 16 * 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) {
      throw new AwsError('RequestEntityTooLargeException', `A request may have ${BODY_LIMIT} bytes at the most.`, 413);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @throws AwsError that names what is missing */
export function operationOf(operations: Operations, service: string, name: string) {
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation) return operation;
  throw new AwsError(
    'NotImplemented',
    `${service}'s operation ${name || '(none named)'} is not part of the embedded AWS, which knows ${Object.keys(operations).join(', ')}.`,
    501,
  );
}

/** Names that JavaScript gives its own errors: no service throws these on purpose. */
const DEFECTS = new Set([
  'Error',
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'AssertionError',
  'ZodError',
]);

/** What a client is told of an error; a defect of the embedded AWS is printed, too. */
export function errorOf(error: unknown): { code: string; message: string; status: number } {
  const { name, message, status } = error as Error & { status?: number };
  if (!(error instanceof Error) || DEFECTS.has(name)) {
    console.error('The embedded AWS has a defect:', error);
    return { code: 'InternalFailure', message: `The embedded AWS has a defect: ${message ?? error}`, status: 500 };
  }
  return { code: name, message, status: status ?? 400 };
}
