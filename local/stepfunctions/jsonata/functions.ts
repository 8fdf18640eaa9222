import { createHash, randomUUID } from 'node:crypto';
import type jsonata from 'jsonata';
import type { Json } from '../json.ts';

/** The functions that Step Functions adds to JSONata: name → implementation and JSONata signature. */
const ADDED_FUNCTIONS: Record<string, { run: (...args: never[]) => unknown; signature: string }> = {
  partition: { run: partition, signature: '<an:a>' },
  range: { run: range, signature: '<nnn:a>' },
  hash: { run: hash, signature: '<xs:s>' },
  random: { run: random, signature: '<n?:n>' },
  uuid: { run: () => randomUUID(), signature: '<:s>' },
  parse: { run: (text: string) => JSON.parse(text), signature: '<s:x>' },
};

const RANGE_ITEMS = 1000;
const ALGORITHMS: Record<string, string> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

export function register(expression: jsonata.Expression): void {
  for (const [name, { run, signature }] of Object.entries(ADDED_FUNCTIONS)) {
    const call = run as (...args: unknown[]) => unknown;
    // As in JSONata's own functions: a missing argument gives a missing result.
    const total = (...args: unknown[]) => (args.includes(undefined) ? undefined : call(...args));
    expression.registerFunction(name, signature.includes('?') ? call : total, signature);
  }
}

export function partition(items: Json[], size: number): Json[][] {
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(`$partition needs a positive whole number as chunk size, found ${size}`);
  }
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** A JSONata sequence, as a path would give it: one item alone is that item, not a list. */
export function range(first: number, last: number, step: number): number[] {
  if (![first, last, step].every(Number.isInteger) || step === 0) {
    throw new RangeError(`$range needs whole numbers and a step other than 0, found ${first}, ${last}, ${step}`);
  }
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > RANGE_ITEMS) throw new RangeError(`$range makes at most ${RANGE_ITEMS} items, asked for ${length}`);
  const items = Array.from({ length }, (_, i) => first + i * step);
  return Object.defineProperty(items, 'sequence', { value: true, enumerable: false });
}

export function hash(data: Json, algorithm: string): string {
  const name = ALGORITHMS[algorithm];
  if (!name) throw new RangeError(`$hash knows ${Object.keys(ALGORITHMS).join(', ')}, found '${algorithm}'`);
  return createHash(name)
    .update(typeof data === 'string' ? data : JSON.stringify(data))
    .digest('hex');
}

/** A number in [0, 1); the same seed gives the same number (not the one that AWS gives for it). */
export function random(seed?: number): number {
  if (seed === undefined) return Math.random();
  const digest = createHash('sha256').update(String(seed)).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}
