/** Reads the tokens of one statement from left to right. */
import { notDone, reservedWord, syntaxError } from '../errors.ts';
import type { TableName } from './names.ts';
import { isReserved } from './reserved-words.ts';
import { isSyntax, type Token } from './tokens.ts';

export class Cursor {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** Whether these keywords or symbols come next. */
  sees(...values: readonly string[]): boolean {
    return values.every((value, index) => isSyntax(this.#tokens[this.#at + index], value));
  }

  /** Steps over these keywords or symbols if they come next. */
  take(...values: readonly string[]): boolean {
    const seen = this.sees(...values);
    if (seen) this.#at += values.length;
    return seen;
  }

  /** The first of these keywords that comes next, stepped over. */
  takeOneOf(...words: readonly string[]): string | undefined {
    return words.find((word) => this.take(word));
  }

  expect(...values: readonly string[]): void {
    for (const value of values) if (!this.take(value)) throw this.unexpected();
  }

  /** Quoted, or no reserved word. */
  name(): string {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'word' && token?.kind !== 'quoted') throw this.unexpected();
    if (token.kind === 'word' && isReserved(token.value)) throw reservedWord(token.value);
    this.#at += 1;
    return token.value;
  }

  text(): string {
    return this.#value('text');
  }

  number(): number {
    return Number(this.#value('number'));
  }

  /** `table` or `schema.table`. */
  tableName(): TableName {
    const first = this.name();
    if (!this.take('.')) return { table: first };
    const table = this.name();
    if (this.sees('.')) throw notDone('tables of another database', 'write schema.table');
    return { schema: first, table };
  }

  /** `a, b, c` of what `read` reads. */
  list<Item>(read: () => Item): Item[] {
    const items = [read()];
    while (this.take(',')) items.push(read());
    return items;
  }

  /** `(a, b, c)` of names. */
  names(): string[] {
    this.expect('(');
    const names = this.list(() => this.name());
    this.expect(')');
    return names;
  }

  /** The tokens up to the end, or up to the first outside parentheses for which `stop` holds. */
  rest(stop: () => boolean = () => false): Token[] {
    const taken: Token[] = [];
    for (let depth = 0; !this.done && (depth > 0 || !stop()); this.#at += 1) {
      if (this.sees('(')) depth += 1;
      if (this.sees(')')) depth -= 1;
      const token = this.#tokens[this.#at];
      if (token) taken.push(token);
    }
    return taken;
  }

  end(): void {
    if (!this.done) throw this.unexpected();
  }

  unexpected() {
    const token = this.#tokens[this.#at];
    const end = this.#tokens.at(-1);
    if (!token) return syntaxError('end of input', end ? end.position + end.value.length : 0);
    return syntaxError(token.kind === 'text' ? `'${token.value}'` : token.value, token.position);
  }

  #value(kind: Token['kind']): string {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind) throw this.unexpected();
    this.#at += 1;
    return token.value;
  }
}
