/** Filter patterns of CloudWatch Logs, as far as they are supported: terms, and equalities of a JSON line's fields. */
import { AwsError } from '../machine/errors.ts';

/** Whether a line matches. */
export type Matches = (message: string) => boolean;

/**
 * - empty: every line
 * - `term "other term"`: lines with all of these
 * - `?term ?"other term"`: lines with any of these
 * - `{ $.run = "20261119T000000Z" && $.attempt = 2 }`: JSON lines whose fields have these values
 *
 * @throws AwsError InvalidParameterException for any other pattern
 */
export function parsePattern(pattern = ''): Matches {
  const text = pattern.trim();
  return text.startsWith('{') ? parseEqualities(text) : parseTerms(text);
}

const TERM = /\s*(\?)?(?:"((?:[^"\\]|\\.)*)"|(\w[\w.:/-]*))(?=\s|$)/y;

function parseTerms(text: string): Matches {
  const all: string[] = [];
  const any: string[] = [];
  let at = 0;
  while (at < text.length) {
    TERM.lastIndex = at;
    const found = TERM.exec(text);
    if (!found) throw unsupported(text);
    (found[1] ? any : all).push(found[3] ?? unescaped(found[2] ?? ''));
    at = TERM.lastIndex;
  }
  if (all.length > 0 && any.length > 0) throw unsupported(text);
  return (message) =>
    all.every((term) => message.includes(term)) && (any.length === 0 || any.some((term) => message.includes(term)));
}

const EQUALITY = /^\s*\$\.([\w.]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|(-?\d+(?:\.\d+)?))\s*$/;

function parseEqualities(text: string): Matches {
  const wanted = text
    .replace(/^\{|\}$/g, '')
    .split('&&')
    .map((part) => {
      const found = EQUALITY.exec(part);
      if (!found) throw unsupported(text);
      const [, path = '', value, number] = found;
      return { path: path.split('.'), value: number === undefined ? unescaped(value ?? '') : Number(number) };
    });
  return (message) => {
    // Most lines are told apart without being parsed.
    if (!message.startsWith('{') || !wanted.every(({ value }) => message.includes(String(value)))) return false;
    const line = parsed(message);
    return wanted.every(({ path, value }) => fieldOf(line, path) === value);
  };
}

const fieldOf = (line: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((of, name) => (of as Record<string, unknown> | null | undefined)?.[name], line);

function parsed(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

const unescaped = (text: string): string => text.replaceAll(/\\(.)/g, '$1');

const unsupported = (pattern: string): Error =>
  new AwsError(
    'InvalidParameterException',
    `The embedded AWS does not understand the filter pattern ${pattern}. It takes terms, ?terms, and { $.field = "value" && … }.`,
  );
