const LIMIT = 5000;
const WINDOW_S = 3600;

/** What one token used of its hour; told, and not enforced. */
export class RateLimit {
  #used = 0;
  #reset = 0;

  count(): void {
    this.#renew();
    this.#used += 1;
  }

  get state() {
    this.#renew();
    return { limit: LIMIT, used: this.#used, remaining: Math.max(LIMIT - this.#used, 0), reset: this.#reset };
  }

  headers(): Record<string, string> {
    const { limit, remaining, reset, used } = this.state;
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-reset': String(reset),
      'x-ratelimit-used': String(used),
      'x-ratelimit-resource': 'core',
    };
  }

  #renew(): void {
    const now = Math.floor(Date.now() / 1000);
    if (now < this.#reset) return;
    this.#used = 0;
    this.#reset = now + WINDOW_S;
  }
}
