/** `:name` parameters: found by token, so that strings, comments and `::` casts hold none; bound as strings. */
import { DataApiError } from '../errors.ts';
import { type Token, tokenize } from './tokens.ts';

export interface Parameter {
  readonly name: string;
  readonly value: string;
}

/** Puts each value in its place as one string token. A `:name` without a value stays and fails as Redshift's syntax. */
export function bind(tokens: readonly Token[], parameters: readonly Parameter[]): Token[] {
  const values = new Map(parameters.map(({ name, value }) => [name, value]));
  return tokens.map((token) => {
    const value = token.kind === 'parameter' ? values.get(token.value) : undefined;
    return value === undefined ? token : { kind: 'text', value, position: token.position };
  });
}

/**
 * The API holds given and used names against each other before anything runs.
 * @throws DataApiError ValidationException where one is missing or too many
 */
export function checkParameters(sqls: readonly string[], parameters: readonly Parameter[]): void {
  if (parameters.length === 0) return;
  const given = new Set(parameters.map(({ name }) => name));
  if (given.size < parameters.length) throw new DataApiError('ValidationException', 'Parameters holds a name twice.');
  const used = new Set(sqls.flatMap(parameterNames));
  const unused = [...given].filter((name) => !used.has(name));
  if (unused.length > 0) {
    const text = `Parameters list contains unused parameters. Unused parameters: [${unused.join(', ')}]`;
    throw new DataApiError('ValidationException', text);
  }
  const missing = [...used].filter((name) => !given.has(name));
  if (missing.length > 0) {
    const text = `Parameters list is missing parameters that the SQL uses. Missing parameters: [${missing.join(', ')}]`;
    throw new DataApiError('ValidationException', text);
  }
}

/** Of a text that is no SQL: none; it fails when it runs. */
function parameterNames(sql: string): string[] {
  try {
    return tokenize(sql).flatMap((token) => (token.kind === 'parameter' ? [token.value] : []));
  } catch {
    return [];
  }
}
