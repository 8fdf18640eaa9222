/** Redshift's SELECT, INSERT, UPDATE and DELETE as DuckDB's. */
import { setFlagsFromString } from 'node:v8';
import { notDone, type RedshiftError, syntaxError } from '../errors.ts';
import { resolveFunctions, type SessionFacts } from './functions.ts';
import { quoteName, quoteText } from './names.ts';
import { refuseForeignSyntax } from './refusals.ts';
import { rewrite } from './rewrite.ts';
import { SetAsideTexts } from './texts.ts';
import { isSyntax, type Token } from './tokens.ts';
import type { Node } from './tree.ts';

/**
 * V8 would optimise the transpiler, 23 MB of WebAssembly, for seconds and half a gigabyte that a command never gets back.
 * Baseline code is enough. In this order: the first flag alone decides nothing, the second alone compiles all of it at once.
 */
const transpiler = () => {
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
  return import('@polyglot-sql/sdk');
};

/** @throws RedshiftError for what Redshift or this warehouse does not do */
export async function toDuckdb(tokens: readonly Token[], session: SessionFacts): Promise<string> {
  const stray = tokens.find((token) => token.kind === 'parameter' || isSyntax(token, ';'));
  if (stray) throw syntaxError(stray.kind === 'parameter' ? ':' : ';', stray.position);
  refuseForeignSyntax(tokens);
  const texts = new SetAsideTexts();
  const resolved = resolveFunctions(tokens, session);
  const rendered = render(resolved, texts);
  const known = TRANSLATIONS.get(rendered.text);
  if (known?.texts.fits(texts)) return known.texts.with(texts).restore(known.sql);
  const sql = await translate(rendered, resolved, texts);
  if (TRANSLATIONS.size >= MOST_TRANSLATIONS) TRANSLATIONS.clear();
  TRANSLATIONS.set(rendered.text, { sql, texts });
  return texts.restore(sql);
}

/** A statement as it is translated, whatever its strings are. */
interface Translation {
  readonly sql: string;
  readonly texts: SetAsideTexts;
}
/** By the statement without its strings: loads repeat theirs with other dates and keys. */
const TRANSLATIONS = new Map<string, Translation>();
const MOST_TRANSLATIONS = 1000;

/** @param texts gets what the translation sets aside besides */
async function translate(rendered: Rendered, tokens: readonly Token[], texts: SetAsideTexts): Promise<string> {
  const { Dialect, parse, generate } = await transpiler();
  const parsed = parse(rendered.text, Dialect.Redshift);
  if (!parsed.success) throw parseFailure(parsed.error, tokens, rendered);
  const written = generate(rewrite(parsed.ast as Node[], texts), Dialect.DuckDB);
  if (!written.success) throw notDone(`this statement: ${written.error}`);
  return (written.sql ?? []).join(';');
}

/** An expression, such as a column's default. */
export async function expressionToDuckdb(tokens: readonly Token[], session: SessionFacts): Promise<string> {
  const select: Token = { kind: 'word', value: 'select', position: 0 };
  return (await toDuckdb([select, ...tokens], session)).replace(/^SELECT /, '').replace(/ AS "[^"]*"$/, '');
}

interface Rendered {
  readonly text: string;
  /** Where each token begins in it. */
  readonly starts: readonly number[];
}

function render(tokens: readonly Token[], texts: SetAsideTexts): Rendered {
  let text = '';
  const starts: number[] = [];
  tokens.forEach((token, at) => {
    text += isSyntax(token, '.') || isSyntax(tokens[at - 1], '.') ? '' : ' ';
    starts.push(text.length);
    text += renderToken(token, isInterval(tokens, at) ? undefined : texts);
  });
  return { text, starts };
}

/** The transpiler tells the column behind the token that it stopped at, in its own text. */
function parseFailure(error: string | null | undefined, tokens: readonly Token[], { starts }: Rendered): RedshiftError {
  const column = Number(/column (\d+)/.exec(error ?? '')?.[1] ?? Number.POSITIVE_INFINITY);
  const token = tokens[starts.findLastIndex((start) => start < column - 1)];
  return syntaxError(token?.value ?? 'end of input', token?.position ?? 0);
}

/** The transpiler must see these strings: `INTERVAL '1 day'`. */
const isInterval = (tokens: readonly Token[], at: number): boolean =>
  isSyntax(tokens[at - 1], 'interval') && /^[\w ]*$/.test(tokens[at]?.value ?? '');

function renderToken({ kind, value }: Token, texts: SetAsideTexts | undefined): string {
  if (kind === 'text') return quoteText(texts?.setAside(value) ?? value);
  return kind === 'quoted' ? quoteName(value) : value;
}
