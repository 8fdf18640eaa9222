/** Fields of a secret that hide nothing: masking them would only make logs unreadable. */
const PUBLIC = new Set([
  ...['baseUrl', 'host', 'port', 'database', 'username'],
  ...['tokenUrl', 'clientId', 'clientAuthentication', 'expiresAt'],
]);
const MASK = '***';

/** The values that no log line and no error message may show. */
export class Masking {
  #values: string[] = [];

  /** Hides from now on what a secret holds, at any depth, and its form in URLs. */
  add(secret: unknown): void {
    const found = [...strings(secret)].flatMap((text) => [text, encodeURIComponent(text)]);
    this.#values = [...new Set([...this.#values, ...found])].sort((a, b) => b.length - a.length);
  }

  text(text: string): string {
    return this.#values.reduce((masked, value) => masked.replaceAll(value, MASK), text);
  }

  /** Masks what an error and its causes say, in place: what is rethrown is what was caught. */
  error<E>(error: E): E {
    for (let at: unknown = error; at instanceof Error; at = at.cause) {
      const [message, stack] = [this.text(at.message), this.text(at.stack ?? '')];
      Object.defineProperty(at, 'message', { value: message, writable: true, configurable: true });
      Object.defineProperty(at, 'stack', { value: stack, writable: true, configurable: true });
    }
    return error;
  }
}

function* strings(value: unknown, field = ''): Iterable<string> {
  if (typeof value === 'string' && value !== '' && !PUBLIC.has(field)) yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) yield* strings(inner, name);
}

/** Of this execution environment: whatever fetched a secret, every line is masked. */
export const masking = new Masking();
