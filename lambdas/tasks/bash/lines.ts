/** In characters: what a line may have as an output, and the most of one that is held at a time. */
export const LONGEST_LINE = 8 * 1024;

/** Cuts a text that comes in pieces into lines. A line that is too long is told in several parts. */
export class Lines {
  readonly #tell: (line: string) => void;
  #open = '';
  #isCut = false;
  #last = { text: '', isCut: false };

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  /** The last line, without the spaces at its end; of one that is too long, its last part. */
  get last(): { readonly text: string; readonly isCut: boolean } {
    return this.#last;
  }

  push(text: string): void {
    const lines = (this.#open + text).split('\n');
    this.#open = lines.pop() ?? '';
    for (const line of lines) this.#end(line);
    this.#open = this.#cut(this.#open);
  }

  /** A last line need not end in a newline. */
  end(): void {
    if (this.#open !== '' || this.#isCut) this.#end(this.#open);
    this.#open = '';
  }

  #end(line: string): void {
    const text = this.#cut(line).trimEnd();
    this.#last = { text, isCut: this.#isCut };
    this.#isCut = false;
    this.#tell(text);
  }

  /** Tells what is too much, and gives the rest. */
  #cut(line: string): string {
    let at = 0;
    for (; line.length - at > LONGEST_LINE; at += LONGEST_LINE) this.#tell(line.slice(at, at + LONGEST_LINE));
    this.#isCut ||= at > 0;
    return line.slice(at);
  }
}
