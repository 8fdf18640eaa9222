import { quoteText } from './names.ts';

const PLACE = /^__text_(\d+)__$/;

/** The strings of a statement, kept away from the transpiler, which mishandles backslashes: a mark stands for each. */
export class SetAsideTexts {
  readonly #texts: string[];
  /** What the translation depends on: the texts that were looked at, by their place. */
  readonly #seen = new Map<number, string>();

  constructor(texts: readonly string[] = []) {
    this.#texts = [...texts];
  }

  /** How many there are. */
  get count(): number {
    return this.#texts.length;
  }

  setAside(text: string): string {
    this.#texts.push(text);
    return `__text_${this.#texts.length - 1}__`;
  }

  /** What a mark stands for; of other text that text. */
  original(text: string): string {
    const place = PLACE.exec(text)?.[1];
    const original = this.#texts[Number(place)];
    if (original === undefined) return text;
    this.#seen.set(Number(place), original);
    return original;
  }

  /** Of another statement that differs in its strings alone: the same, with what its translation set aside besides. */
  with(others: SetAsideTexts): SetAsideTexts {
    return new SetAsideTexts([...others.#texts, ...this.#texts.slice(others.count)]);
  }

  /** Whether a statement that differs in its strings alone is translated in the same way. */
  fits(others: SetAsideTexts): boolean {
    return [...this.#seen].every(([place, text]) => others.#texts[place] === text);
  }

  isMark(text: string): boolean {
    return PLACE.test(text);
  }

  /** Puts the strings back, quoted for DuckDB. */
  restore(sql: string): string {
    return sql.replaceAll(/'(__text_(\d+)__)'/g, (_, mark: string, place: string) =>
      quoteText(this.#texts[Number(place)] ?? mark),
    );
  }
}
