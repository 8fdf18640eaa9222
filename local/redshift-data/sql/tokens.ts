/** The text of Redshift SQL as tokens; comments and white space are gone, names are folded to lower case. */
import { notDone, RedshiftError, syntaxError } from '../errors.ts';

/**
 * `word`: a keyword or unquoted name. `quoted`: a name in double quotes; Redshift folds it too, by default.
 * `text`: a string, its escapes resolved. `parameter`: `:name`, without the colon.
 */
type TokenKind = 'word' | 'quoted' | 'text' | 'number' | 'parameter' | 'symbol';

export interface Token {
  readonly kind: TokenKind;
  readonly value: string;
  /** Of its first character in the statement, from 0. */
  readonly position: number;
}

/** Whether it is one of these symbols or keywords; a string or quoted name never is. */
export const isSyntax = (token: Token | undefined, ...values: readonly string[]): boolean =>
  (token?.kind === 'word' || token?.kind === 'symbol') && values.includes(token.value);

const GAP = /(?:\s+|--[^\n]*)+/y;
const COMMENT_EDGE = /\/\*|\*\//g;
const UNCLOSED = /'|"/y;
/** Tried in this order: `::` before `:name`, names before what is left. */
const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ['text', /'(?:[^'\\]|''|\\[\s\S])*'/y],
  ['quoted', /"(?:[^"]|"")+"/y],
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['word', /[\p{L}_][\p{L}\p{N}_$]*/uy],
  ['symbol', /::|<=|>=|<>|!=|\|\||!~\*|!~|~\*/y],
  ['parameter', /:\w+/y],
  ['symbol', /[()[\],.;+*/%^<>=~&|-]/y],
];
/** Redshift's longest name. */
const NAME_BYTES = 127;

/** @throws RedshiftError where the text is no SQL */
export function tokenize(sql: string): Token[] {
  const found: Token[] = [];
  for (let at = skipGap(sql, 0); at < sql.length; ) {
    const { token, length } = tokenAt(sql, at);
    refuseGluedString(found.at(-1), token);
    found.push(token);
    at = skipGap(sql, at + length);
  }
  return found;
}

function tokenAt(sql: string, at: number): { token: Token; length: number } {
  for (const [kind, pattern] of PATTERNS) {
    const text = match(pattern, sql, at);
    if (text !== undefined) return { token: { kind, value: read(kind, text), position: at }, length: text.length };
  }
  if (match(UNCLOSED, sql, at))
    throw new RedshiftError(`ERROR: unterminated quoted string at or near "${sql.slice(at, at + 30)}"`);
  throw syntaxError(sql.slice(at, at + 1), at);
}

function skipGap(sql: string, from: number): number {
  for (let at = from; ; ) {
    const gap = match(GAP, sql, at)?.length ?? 0;
    if (!sql.startsWith('/*', at + gap)) return at + gap;
    at = endOfComment(sql, at + gap);
  }
}

/** Block comments nest. */
function endOfComment(sql: string, from: number): number {
  COMMENT_EDGE.lastIndex = from;
  let depth = 0;
  for (let edge = COMMENT_EDGE.exec(sql); edge; edge = COMMENT_EDGE.exec(sql)) {
    depth += edge[0] === '/*' ? 1 : -1;
    if (depth === 0) return COMMENT_EDGE.lastIndex;
  }
  throw new RedshiftError(`ERROR: unterminated /* comment at or near "${sql.slice(from, from + 30)}"`);
}

function read(kind: TokenKind, text: string): string {
  if (kind === 'text') return resolveEscapes(text.slice(1, -1));
  if (kind === 'parameter') return text.slice(1);
  if (kind === 'quoted') return name(text.slice(1, -1).replaceAll('""', '"'));
  return kind === 'word' ? name(text) : text;
}

function name(text: string): string {
  if (Buffer.byteLength(text) <= NAME_BYTES) return text.toLowerCase();
  throw new RedshiftError(`ERROR: the name "${text}" is longer than ${NAME_BYTES} bytes`);
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
/** As PostgreSQL 8: a backslash before any other character stands for that character. */
const resolveEscapes = (text: string): string =>
  text.replaceAll(/''|\\([0-7]{1,3})|\\([\s\S])/g, (_, octal?: string, character?: string) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    return character === undefined ? "'" : (ESCAPES[character] ?? character);
  });

/** `E'…'` and `'a' 'b'` would be read as a name with an alias. */
function refuseGluedString(before: Token | undefined, token: Token): void {
  if (token.kind !== 'text' || before === undefined) return;
  if (before.kind === 'text') throw notDone('adjacent strings', 'join them with ||');
  const glued = before.kind === 'word' && before.position + before.value.length === token.position;
  if (glued) throw notDone(`${before.value}'…' strings`, "write a plain '…'");
}

function match(sticky: RegExp, text: string, at: number): string | undefined {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0];
}
