/** EventBridge's event patterns, as far as they are supported: lists of values, nesting, and the matchers below. */

type Matcher = (operand: unknown, value: unknown) => boolean;

const list = (operand: unknown): unknown[] => [operand].flat();
const text = (value: unknown): string => (typeof value === 'string' ? value : '\0');

const MATCHERS: Record<string, Matcher> = {
  prefix: (operand, value) => text(value).startsWith(String(operand)),
  suffix: (operand, value) => text(value).endsWith(String(operand)),
  exists: (operand, value) => (value !== undefined) === operand,
  'anything-but': (operand, value) =>
    value !== undefined && !list(operand).some((excluded) => matchesOne(excluded, value)),
};

/** Whether the event has, at every place that the pattern names, one of the values that it lists there. */
export function matches(pattern: object, event: unknown): boolean {
  return Object.entries(pattern).every(([field, expected]) => {
    const value = (event as Record<string, unknown> | undefined)?.[field];
    if (!Array.isArray(expected)) return matches(expected as object, value);
    return expected.some((one) => matchesAny(one, value));
  });
}

/** A list in the event matches when one of its items does. */
function matchesAny(expected: unknown, value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item) => matchesOne(expected, item));
  return matchesOne(expected, value);
}

function matchesOne(expected: unknown, value: unknown): boolean {
  const [name, operand] = matcherOf(expected) ?? [];
  return name === undefined ? expected === value : (MATCHERS[name]?.(operand, value) ?? false);
}

const matcherOf = (expected: unknown): [string, unknown] | undefined =>
  typeof expected === 'object' && expected !== null ? Object.entries(expected)[0] : undefined;

/** The first matcher in the pattern that is not supported: such a rule must not be created. */
export function unsupportedMatcher(pattern: object): string | undefined {
  return Object.values(pattern)
    .flatMap((expected) =>
      Array.isArray(expected) ? expected.map(unsupported) : [unsupportedMatcher(expected as object)],
    )
    .find((name) => name !== undefined);
}

function unsupported(expected: unknown): string | undefined {
  const [name, operand] = matcherOf(expected) ?? [];
  if (name === undefined) return undefined;
  if (!(name in MATCHERS)) return name;
  return name === 'anything-but'
    ? list(operand)
        .map(unsupported)
        .find((inner) => inner !== undefined)
    : undefined;
}
