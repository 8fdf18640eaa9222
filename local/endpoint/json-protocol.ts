/** awsJson 1.0 and 1.1: `X-Amz-Target` names the operation, the body is its input. */
import { randomUUID } from 'node:crypto';
import { type Answer, type Asked, errorOf, type Handler, type Operations, operationOf } from './exchange.ts';

export function jsonHandler(service: string, operations: Operations): Handler {
  return async (asked) => {
    const contentType = asked.headers['content-type'] ?? 'application/x-amz-json-1.1';
    const answer = (status: number, body: unknown): Answer => ({
      status,
      headers: { 'content-type': contentType, 'x-amzn-requestid': randomUUID() },
      body: JSON.stringify(body, asWritten),
    });
    try {
      const name =
        String(asked.headers['x-amz-target'] ?? '')
          .split('.')
          .at(-1) ?? '';
      const operation = operationOf(operations, service, name);
      return answer(200, (await operation(inputOf(asked))) ?? {});
    } catch (error) {
      const { code, message, status } = errorOf(error);
      return answer(status, { __type: code, message });
    }
  };
}

const inputOf = ({ body }: Asked): unknown => (body.length === 0 ? {} : JSON.parse(body.toString()));

/** Instants as seconds since 1970, bytes as base64. */
function asWritten(this: unknown, key: string, value: unknown): unknown {
  // JSON.stringify has already called toJSON; the holder has the value as it was.
  const original = (this as Record<string, unknown>)[key];
  if (original instanceof Date) return original.getTime() / 1000;
  if (original instanceof Uint8Array) return Buffer.from(original).toString('base64');
  return value;
}
