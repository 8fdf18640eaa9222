/** States write every name in PascalCase; some APIs have theirs in camelCase. */

export const pascalCase = (value: unknown): unknown => renamed(value, (name) => name.replace(/^[a-z]/, upper));
export const camelCase = (value: unknown): unknown => renamed(value, (name) => name.replace(/^[A-Z]/, lower));

const upper = (text: string): string => text.toUpperCase();
const lower = (text: string): string => text.toLowerCase();

function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [rename(name), renamed(item, rename)]));
}
