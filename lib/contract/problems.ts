import type * as z from 'zod';

/** What a schema refused, on one line: each field by its path, with what was expected and what was found. */
export const problems = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => (path.length > 0 ? `${dotted(path)}: ${message}` : message)).join('; ');

const dotted = (path: PropertyKey[]): string =>
  path.map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at > 0 ? '.' : ''}${String(part)}`)).join('');
