/** Where in the user's text an error is: DuckDB counts in the text that it was given. */
import { positionLine, RedshiftError } from '../errors.ts';
import type { Token } from './tokens.ts';

const NAMED =
  /^ERROR: (?:syntax error at or near|column reference|column|relation|schema|function|table name|.* does not do the function) "?([^"\s(]+)/;

/** The error, with the position of the first token that it names. */
export function withPosition(error: unknown, tokens: readonly Token[]): unknown {
  if (!(error instanceof RedshiftError) || /\n {2}Position: /.test(error.message)) return error;
  const name = NAMED.exec(error.message)?.[1]?.split('.').at(-1);
  const token = name === undefined ? undefined : tokens.find(({ value }) => value === name);
  if (!token) return error;
  return new RedshiftError(`${error.message}${positionLine(token.position)}`, { cause: error.cause ?? error });
}
