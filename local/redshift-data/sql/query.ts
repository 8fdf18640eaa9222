/** Redshift's SELECT, INSERT, UPDATE and DELETE as DuckDB's. */
import { RedshiftError, syntaxError } from '../errors.ts';
import { resolveFunctions, type SessionFacts } from './functions.ts';
import { quoteName, quoteText } from './names.ts';
import { refuseForeignSyntax } from './refusals.ts';
import { rewrite } from './rewrite.ts';
import { SetAsideTexts } from './texts.ts';
import { isSyntax, type Token } from './tokens.ts';
import type { Node } from './tree.ts';

const transpiler = () => import('@polyglot-sql/sdk');
/** Reading and compiling the transpiler takes a moment: begun early, it is there when the first statement comes. */
export const warmUp = async (): Promise<void> => {
  const { Dialect, parse, generate } = await transpiler();
  generate(parse('SELECT 1', Dialect.Redshift).ast, Dialect.DuckDB);
};

/** @throws RedshiftError for what Redshift or this warehouse does not do */
export async function toDuckdb(tokens: readonly Token[], session: SessionFacts): Promise<string> {
  const stray = tokens.find((token) => token.kind === 'parameter' || isSyntax(token, ';'));
  if (stray) throw syntaxError(stray.kind === 'parameter' ? ':' : ';', stray.position);
  refuseForeignSyntax(tokens);
  const texts = new SetAsideTexts();
  const redshift = render(resolveFunctions(tokens, session), texts);
  const { Dialect, parse, generate } = await transpiler();
  const parsed = succeeded(parse(redshift, Dialect.Redshift));
  const written = succeeded(generate(rewrite(parsed.ast as Node[], texts), Dialect.DuckDB));
  return texts.restore((written.sql ?? []).join(';'));
}

/** An expression, such as a column's default. */
export async function expressionToDuckdb(tokens: readonly Token[], session: SessionFacts): Promise<string> {
  const select: Token = { kind: 'word', value: 'select', position: 0 };
  return (await toDuckdb([select, ...tokens], session)).replace(/^SELECT /, '').replace(/ AS "[^"]*"$/, '');
}

function render(tokens: readonly Token[], texts: SetAsideTexts): string {
  let rendered = '';
  tokens.forEach((token, at) => {
    rendered +=
      (isSyntax(token, '.') || isSyntax(tokens[at - 1], '.') ? '' : ' ') +
      renderToken(token, isInterval(tokens, at) ? undefined : texts);
  });
  return rendered;
}

/** The transpiler must see these strings: `INTERVAL '1 day'`. */
const isInterval = (tokens: readonly Token[], at: number): boolean =>
  isSyntax(tokens[at - 1], 'interval') && /^[\w ]*$/.test(tokens[at]?.value ?? '');

function renderToken({ kind, value }: Token, texts: SetAsideTexts | undefined): string {
  if (kind === 'text') return quoteText(texts?.setAside(value) ?? value);
  return kind === 'quoted' ? quoteName(value) : value;
}

function succeeded<Result extends { success: boolean; error?: string | null | undefined }>(result: Result): Result {
  if (result.success) return result;
  throw new RedshiftError(`ERROR: syntax error: ${result.error}`);
}
