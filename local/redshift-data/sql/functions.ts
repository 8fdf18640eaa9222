/** Which functions may be called. One that is not listed is an error: DuckDB may have one of that name that does something else. */
import { notDone } from '../errors.ts';
import { datePart, takesDatePart } from './date-parts.ts';
import { isReserved } from './reserved-words.ts';
import { isSyntax, type Token } from './tokens.ts';

/** Their meaning is the same in DuckDB, or becomes so when the statement is rewritten. */
const SAME = new Set(
  `abs cast ceil ceiling chr coalesce count cume_dist
  dense_rank first_value floor greatest lag last_day last_value lead least len length listagg ln
  lower ltrim max md5 min mod ntile nullif percent_rank position rank repeat replace reverse
  round row_number rtrim sqrt strpos substr substring trim upper`.split(/\s+/),
);
/** Macros of our own stand for these: see catalog/macros.ts. */
const MACROS = new Set(
  `add_months avg bool_and bool_or btrim can_json_parse charindex concat convert_timezone date_part date_trunc dateadd
  datediff exp extract getdate json_parse json_serialize left lpad nvl2 octet_length pow power regexp_count regexp_replace
  regexp_substr right rpad sign split_part sum sysdate trunc`.split(/\s+/),
);
export const MACRO_PREFIX = 'rs_';
/** What GROUP BY takes, which the transpiler calls functions. */
const GROUPINGS = ['rollup', 'cube', 'grouping sets'];

/**
 * Of the transpiler's tree, so that a function that it puts in the place of another is held against the same lists.
 * @throws RedshiftError for one that is not done
 */
export function requireFunction(name: string): void {
  const known = SAME.has(name) || GROUPINGS.includes(name);
  if (!known && !(name.startsWith(MACRO_PREFIX) && isMacro(name.slice(MACRO_PREFIX.length)))) {
    throw notDone(`the function ${name}()`);
  }
}
const isMacro = (name: string): boolean => MACROS.has(name) || name === 'current_date';
/** Of one meaning under two names. */
const SYNONYMS: Readonly<Record<string, string>> = { nvl: 'coalesce', isnull: 'coalesce' };
/** Written without parentheses. */
const BARE = new Set(['current_date', 'sysdate']);
/** These words before a `(` are syntax. */
const SYNTAX = new Set(
  `by cube exists except exclude group insert over partition rollup sets values within`.split(/\s+/),
);
/** Unreserved words that a value may follow, so that a name behind them may be a call. */
const BEFORE_VALUES = new Set(['by', 'set', 'values', 'escape', 'qualify', 'rows', 'range']);
const CALLABLE_THOUGH_RESERVED = new Set(['left', 'right', 'cast', 'isnull']);

/** What a session answers for functions that ask about itself. */
export interface SessionFacts {
  readonly user: string;
  readonly database: string;
  /** Rows and query id of the session's last COPY. */
  readonly lastCopy: { readonly rows: number; readonly queryId: number } | undefined;
}

/**
 * The tokens with the calls that macros answer renamed, and questions about the session answered.
 * @throws RedshiftError for a function that is not done
 */
export function resolveFunctions(tokens: readonly Token[], session: SessionFacts): Token[] {
  const resolved: Token[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = withDatePart(tokens, at);
    const fact = token.kind === 'word' ? factOf(token.value, session) : undefined;
    if (fact === undefined) {
      resolved.push(...(isCall(tokens, at) ? callOf(tokens, at) : [bare(token)].flat()));
      continue;
    }
    resolved.push({ ...fact, position: token.position });
    if (isSyntax(tokens[at + 1], '(') && isSyntax(tokens[at + 2], ')')) at += 2;
  }
  return resolved;
}

/** The token, or what it means in a call that takes a part of a date; `EXTRACT(part FROM x)` becomes `extract('part', x)`. */
function withDatePart(tokens: readonly Token[], at: number): Token {
  const token = tokens[at] as Token;
  const called = isSyntax(tokens[at - 1], '(') ? tokens[at - 2] : undefined;
  const isPart = called?.kind === 'word' && takesDatePart(called.value) && isCall(tokens, at - 2);
  if (isPart) return datePart(called.value, token);
  const isExtract = isSyntax(token, 'from') && isSyntax(tokens[at - 2], '(') && isSyntax(tokens[at - 3], 'extract');
  return isExtract ? symbol(',', token.position) : token;
}

type Fact = Pick<Token, 'kind' | 'value'>;
function factOf(word: string, { user, database, lastCopy }: SessionFacts): Fact | undefined {
  const facts: Record<string, Fact> = {
    current_user: { kind: 'text', value: user },
    current_database: { kind: 'text', value: database },
    pg_last_copy_count: { kind: 'number', value: String(lastCopy?.rows ?? 0) },
    pg_last_copy_id: { kind: 'number', value: String(lastCopy?.queryId ?? -1) },
  };
  return Object.hasOwn(facts, word) ? facts[word] : undefined;
}

const symbol = (value: string, position: number): Token => ({ kind: 'symbol', value, position });

function bare(token: Token): Token | Token[] {
  if (token.kind !== 'word' || !BARE.has(token.value)) return token;
  return [renamed(token), symbol('(', token.position), symbol(')', token.position)];
}

const renamed = (token: Token): Token => ({ ...token, value: MACRO_PREFIX + token.value });

function callOf(tokens: readonly Token[], at: number): Token[] {
  const token = tokens[at] as Token;
  if (isSyntax(tokens[at - 1], '.')) throw notDone('functions of a schema', 'call them by their bare name');
  const synonym = SYNONYMS[token.value];
  if (synonym !== undefined) return [{ ...token, value: synonym }];
  if (!MACROS.has(token.value) && !SAME.has(token.value)) throw notDone(`the function ${token.value}()`);
  if (!MACROS.has(token.value)) return [token];
  return isAggregateWithMore(tokens, at) ? [aggregateWithMore(token)] : [renamed(token)];
}

/** `sum(DISTINCT …)` and `sum(…) OVER …` cannot go through a macro. */
function isAggregateWithMore(tokens: readonly Token[], at: number): boolean {
  if (!isSyntax(tokens[at], 'sum', 'avg', 'bool_and', 'bool_or')) return false;
  return isSyntax(tokens[at + 2], 'distinct') || isSyntax(tokens[closing(tokens, at + 1) + 1], 'over');
}

function aggregateWithMore(token: Token): Token {
  if (token.value === 'avg') throw notDone('AVG with DISTINCT or OVER', 'divide SUM by COUNT');
  return token;
}

function isCall(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token?.kind !== 'word' && token?.kind !== 'quoted') return false;
  if (!isSyntax(tokens[at + 1], '(')) return false;
  if (token.kind === 'word' && isKeyword(token.value)) return false;
  return mayBeCallAfter(beforeName(tokens, at)) && !isColumnsOfCte(tokens, at);
}

const isKeyword = (word: string): boolean =>
  SYNTAX.has(word) || (isReserved(word) && !CALLABLE_THOUGH_RESERVED.has(word));

/** The token before a name, its schema included. */
function beforeName(tokens: readonly Token[], at: number): Token | undefined {
  let start = at;
  while (isSyntax(tokens[start - 1], '.')) start -= 2;
  return tokens[start - 1];
}

/** A name after another name is an alias or a type; after INTO, AS and `::` it is a table, an alias, a type. */
function mayBeCallAfter(token: Token | undefined): boolean {
  if (token === undefined) return true;
  if (token.kind === 'symbol') return token.value !== ')' && token.value !== ']' && token.value !== '::';
  if (token.kind !== 'word') return false;
  return BEFORE_VALUES.has(token.value) || (isReserved(token.value) && !['into', 'as'].includes(token.value));
}

/** `WITH name (a, b) AS (…)` */
function isColumnsOfCte(tokens: readonly Token[], at: number): boolean {
  const end = closing(tokens, at + 1);
  return isSyntax(tokens[end + 1], 'as') && isSyntax(tokens[end + 2], '(');
}

/** Where the parenthesis opened at `open` closes. */
function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (isSyntax(tokens[at], '(')) depth += 1;
    if (isSyntax(tokens[at], ')')) depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length;
}
