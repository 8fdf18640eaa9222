/** A JSON value, as it travels between states. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [name: string]: Json };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value and its JSON text, which its size and the history need. */
export interface Written {
  value: Json;
  json: string;
}

export const written = (value: Json): Written => ({ value, json: JSON.stringify(value) });

export const writtenList = (items: Written[]): Written => ({
  value: items.map(({ value }) => value),
  json: `[${items.map(({ json }) => json).join()}]`,
});

/** The name by which JSONata calls a value's type. */
export function typeName(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Size as Step Functions counts it: UTF-8 bytes of the JSON text. */
export const bytesOf = (text: string): number => Buffer.byteLength(text);
