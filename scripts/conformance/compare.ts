import type { Transformer } from './corpus.ts';

/** Names that the recording puts in place of a time. */
const TIMES = new Set(['timestamp', 'datetime', 'date']);
const PLACEHOLDER = /<[^<>]+>/;

/** Whether `actual` is what was recorded: placeholders match anything, JSON in texts is compared by meaning. */
export function matches(recorded: unknown, actual: unknown): boolean {
  if (typeof recorded === 'string' && isPlaceholder(recorded, actual)) return true;
  const [a, b] = [decoded(recorded), decoded(actual)];
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => matches(item, b[i]));
  if (!isObject(a) || !isObject(b)) return Object.is(a, b);
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => name in a && name in b && matches(a[name], b[name]));
}

function isPlaceholder(recorded: string, actual: unknown): boolean {
  if (TIMES.has(recorded)) return true;
  if (!PLACEHOLDER.test(recorded) || isObject(decoded(recorded)) || typeof actual !== 'string') return false;
  const literal = recorded.split(PLACEHOLDER).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${literal.join('[^]*')}$`).test(actual);
}

function decoded(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value with the replacements that were made in the recording. */
export function transformed<T>(value: T, transformers: Transformer[]): T {
  let text = JSON.stringify(value);
  for (const transformer of transformers) {
    if ('regex' in transformer) text = text.replaceAll(new RegExp(transformer.regex, 'g'), transformer.replacement);
  }
  const fields = new Map(
    transformers.flatMap((transformer) =>
      'jsonpath' in transformer ? [[transformer.jsonpath.replace('$..', ''), transformer.replacement] as const] : [],
    ),
  );
  return JSON.parse(text, (name, item: unknown) => fields.get(name) ?? item) as T;
}
