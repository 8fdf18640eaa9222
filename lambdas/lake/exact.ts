/** JSON whose numbers keep their text: 12345678901234567890 and 1.0 come out as they went in. */

/** A number as its source wrote it, where JavaScript would write it otherwise. JSON.stringify gives its text. */
interface RawNumber {
  readonly rawJSON: string;
}

export type Json = null | boolean | number | string | RawNumber | Json[] | JsonObject;
export interface JsonObject {
  [name: string]: Json;
}

/** In ES2026 and in Node 24; TypeScript's libraries do not know it yet. */
const { rawJSON, isRawJSON } = JSON as unknown as {
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
};

export { isRawJSON };

/** A number that may not survive: 16 digits, a fraction, an exponent, or a minus before zero. Strings may match too. */
const DOUBTFUL = /(?:^|[:,[])\s*-?(?:\d{16}|\d+[.eE]|(?<=-)0)/;

/** As JSON.parse, but a number whose text would change is a RawNumber. */
export function parseExact(text: string): Json {
  return DOUBTFUL.test(text) ? JSON.parse(text, keepText) : JSON.parse(text);
}

function keepText(_key: string, value: unknown, { source }: { source?: string } = {}): unknown {
  return typeof value === 'number' && source !== undefined ? withText(value, source) : value;
}

/** As parseExact, of a text that is one number as JSON writes it. */
export const exactNumber = (text: string): Json => withText(Number(text), text);

const withText = (value: number, text: string): number | RawNumber => (String(value) === text ? value : rawJSON(text));

/** How a value begins, for messages. */
export const shown = (value: Json | undefined): string => (JSON.stringify(value) ?? 'nothing').slice(0, 80);
