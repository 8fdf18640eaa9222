/** Strava's limits: so many requests in each quarter of an hour, and in each day of UTC. */
export interface Allowance {
  readonly quarter: number;
  readonly day: number;
}

const STRAVAS: Allowance = { quarter: 200, day: 2000 };
const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;

class Window {
  readonly #ms: number;
  readonly allowed: number;
  #number = 0;
  #used = 0;

  constructor(ms: number, allowed: number) {
    this.#ms = ms;
    this.allowed = allowed;
  }

  count(): number {
    const number = Math.floor(Date.now() / this.#ms);
    this.#used = number === this.#number ? this.#used + 1 : 1;
    this.#number = number;
    return this.#used;
  }
}

export class RateLimits {
  readonly #windows: readonly Window[];

  constructor(limits: Partial<Allowance>) {
    const { quarter, day } = { ...STRAVAS, ...limits };
    this.#windows = [new Window(QUARTER_MS, quarter), new Window(DAY_MS, day)];
  }

  /** Counts a request. */
  count(): { readonly isOver: boolean; readonly headers: Readonly<Record<string, string>> } {
    const used = this.#windows.map((window) => window.count());
    const allowed = this.#windows.map((window) => window.allowed);
    const headers = Object.fromEntries(
      ['x-ratelimit', 'x-readratelimit'].flatMap((name) => [
        [`${name}-limit`, allowed.join(',')],
        [`${name}-usage`, used.join(',')],
      ]),
    );
    return { isOver: used.some((one, at) => one > (allowed[at] ?? 0)), headers };
  }
}
