/**
 * The text of Redshift SQL, as far as one must read it to find its statements and its `:name`s. Quotes, comments and
 * dollar quotes hold neither; `::` is a cast. As in Redshift, a backslash escapes inside '…'.
 */

type Kind = 'code' | 'quoted' | 'comment' | 'name' | 'end';
interface Token {
  readonly kind: Kind;
  readonly text: string;
}

/** What ends plain code, tried in this order at every place. */
const SPECIAL: readonly (readonly [Kind, RegExp])[] = [
  ['quoted', /'(?:[^'\\]|\\[\s\S]|'')*'/y],
  ['quoted', /"(?:[^"]|"")*"/y],
  ['quoted', /\$(\w*)\$[\s\S]*?\$\1\$/y],
  ['comment', /--[^\n]*/y],
  ['comment', /\/\*[\s\S]*?\*\//y],
  ['code', /::/y],
  ['name', /:[a-zA-Z_]\w*/y],
  ['end', /;/y],
];
/** Needs no look at each character: up to the next that may be special. */
const PLAIN = /[^'"$\-/:;]+|[\s\S]/y;
const UNCLOSED = /^(?:['"]|\$\w*\$|\/\*)/;

function* tokens(sql: string): Generator<Token> {
  for (let at = 0; at < sql.length; ) {
    const token = tokenAt(sql, at);
    yield token;
    at += token.text.length;
  }
}

function tokenAt(sql: string, at: number): Token {
  for (const [kind, pattern] of SPECIAL) {
    const text = match(pattern, sql, at);
    if (text !== undefined) return { kind, text };
  }
  const rest = sql.slice(at, at + 40);
  if (UNCLOSED.test(rest)) throw new SyntaxError(`a quote or comment is not closed: ${rest}`);
  return { kind: 'code', text: match(PLAIN, sql, at) ?? '' };
}

function match(sticky: RegExp, text: string, at: number): string | undefined {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0];
}

/**
 * The statements of a SQL text, in order, without their semicolons and comments. A text of comments has none.
 * @throws SyntaxError where a quote or comment is not closed
 */
export function statements(sql: string): string[] {
  const found = [''];
  for (const { kind, text } of tokens(sql)) {
    if (kind === 'end') found.push('');
    else found.push(found.pop() + (kind === 'comment' ? ' ' : text));
  }
  return found.map((statement) => statement.trim()).filter((statement) => statement !== '');
}

/**
 * The `:name`s of a SQL text without their colons, each once, in order of appearance.
 * @throws SyntaxError where a quote or comment is not closed
 */
export function names(sql: string): string[] {
  const found = [...tokens(sql)].filter(({ kind }) => kind === 'name');
  return [...new Set(found.map(({ text }) => text.slice(1)))];
}

/**
 * The words and parentheses of a SQL text, in lower case, without what is quoted or commented.
 * @throws SyntaxError where a quote or comment is not closed
 */
export function words(sql: string): string[] {
  const code = [...tokens(sql)]
    .map(({ kind, text }) => (kind === 'quoted' || kind === 'comment' ? ' ' : text))
    .join('');
  return code.toLowerCase().match(/[a-z_]\w*|[()]/g) ?? [];
}

/** The text with each `:name` for which there is a text replaced by it; the others stay. */
export function replaceNames(sql: string, text: (name: string) => string | undefined): string {
  return [...tokens(sql)].map((token) => (token.kind === 'name' && text(token.text.slice(1))) || token.text).join('');
}

/** The text with nothing left of its quoted values, fit for a log: `where login = '…'`. Quoted names stay. */
export function withoutValues(sql: string): string {
  return [...tokens(sql)].map(({ kind, text }) => (kind === 'quoted' && !text.startsWith('"') ? "'…'" : text)).join('');
}
