import { quoteText } from './names.ts';

const PLACE = /^__text_(\d+)__$/;

/** The strings of a statement, kept away from the transpiler, which mishandles backslashes: a mark stands for each. */
export class SetAsideTexts {
  readonly #texts: string[] = [];

  setAside(text: string): string {
    this.#texts.push(text);
    return `__text_${this.#texts.length - 1}__`;
  }

  /** What a mark stands for; of other text that text. */
  original(text: string): string {
    const index = PLACE.exec(text)?.[1];
    return index === undefined ? text : (this.#texts[Number(index)] ?? text);
  }

  isMark(text: string): boolean {
    return PLACE.test(text);
  }

  /** Puts the strings back, quoted for DuckDB. */
  restore(sql: string): string {
    return sql.replaceAll(/'(__text_\d+__)'/g, (_, mark: string) => quoteText(this.original(mark)));
  }
}
