/** A JSON value, as it travels between states. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [name: string]: Json };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The name by which JSONata calls a value's type. */
export function typeName(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Size as Step Functions counts it: UTF-8 bytes of the JSON text. */
export const bytesOf = (text: string): number => Buffer.byteLength(text);
