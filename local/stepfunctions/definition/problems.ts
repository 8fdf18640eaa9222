import { ApiError } from '../errors.ts';

/** Notes one problem of a definition: its code, what is wrong, and the path where. */
export type Report = (code: string, message: string, path: string) => void;

/** Collects problems and throws them all at once, as AWS does. */
export class Problems {
  readonly #found: string[] = [];

  readonly report: Report = (code, message, path) => {
    this.#found.push(`${code}: ${message} at ${path || '/'}`);
  };

  throwIfAny(): void {
    if (this.#found.length === 0) return;
    throw new ApiError('InvalidDefinition', `Invalid State Machine Definition: '${this.#found.join(', ')}'`);
  }
}
