/** Numbers of a result, digit by digit: the SDK reads a result's JSON by way of JavaScript's numbers, exact up to 2^53. */
import { text } from 'node:stream/consumers';
import type { Field, GetStatementResultCommand } from '@aws-sdk/client-redshift-data';
import type { Value } from '#lib/sql/quoting.ts';

/** The same command, whose integers beyond 2^53 come as texts of digits, which the SDK lets pass. */
export function withExactNumbers(command: GetStatementResultCommand): GetStatementResultCommand {
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { statusCode: number; body: NodeJS.ReadableStream | Uint8Array };
      if (response.statusCode === 200) {
        response.body = Buffer.from(withLongsAsText(await text(response.body as AsyncIterable<Uint8Array>)));
      }
      return result;
    },
    // Between the connection and the SDK's own parser.
    { step: 'deserialize', priority: 'low', name: 'exactNumbers' },
  );
  return command;
}

function withLongsAsText(json: string): string {
  const kept = (key: string, value: unknown, { source }: { source?: string } = {}) =>
    key === 'longValue' && !Number.isSafeInteger(value) ? source : value;
  return JSON.stringify(JSON.parse(json, kept));
}

export function fieldValue(field: Field | undefined): Value {
  if (!field || field.isNull) return null;
  const long: unknown = field.longValue;
  if (typeof long === 'string') return BigInt(long);
  return field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? null;
}
