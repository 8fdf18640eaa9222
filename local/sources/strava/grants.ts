/** Who may read which athlete: OAuth 2 as Strava does it. */
import { createHash, randomBytes } from 'node:crypto';

/**
 * What becomes of a refresh token that is used: it stays (`none`), a new one takes its place at once (`strict`), or once
 * that one is used (`lenient`).
 */
export type Rotation = 'none' | 'strict' | 'lenient';

interface Rules {
  readonly rotation: Rotation;
  readonly expiresIn: number;
  readonly pkce: boolean;
}

interface Code {
  readonly athlete: number;
  readonly redirectUri: string | null;
  readonly challenge: string | null;
}

/** A refusal in Strava's shape. */
export interface Refused {
  readonly status: number;
  readonly resource: string;
  readonly field: string;
}

const token = (): string => randomBytes(20).toString('hex');

export class Grants {
  readonly client = { clientId: '4711', clientSecret: 'stand-in-client-secret' };
  readonly #rules: Rules;
  readonly #codes = new Map<string, Code>();
  /** By refresh token. */
  readonly #refresh = new Map<string, { readonly athlete: number; readonly before: string | undefined }>();
  /** By access token. */
  #access = new Map<string, { readonly athlete: number; readonly until: number }>();

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  /** The refresh token of an athlete who has just granted access. */
  grant(athlete: number, before?: string): string {
    const refreshToken = token();
    this.#refresh.set(refreshToken, { athlete, before });
    return refreshToken;
  }

  /** The code that the athlete's browser takes back to the client. */
  authorize(athlete: number, query: URLSearchParams): string | Refused {
    if (query.get('client_id') !== this.client.clientId)
      return { status: 400, resource: 'Application', field: 'client_id' };
    const challenge = query.get('code_challenge');
    if (this.#rules.pkce && challenge === null)
      return { status: 400, resource: 'Application', field: 'code_challenge' };
    const code = token();
    this.#codes.set(code, { athlete, redirectUri: query.get('redirect_uri'), challenge });
    return code;
  }

  /** The body of a token response, or why there is none. */
  token(form: URLSearchParams): object | Refused {
    const { clientId, clientSecret } = this.client;
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret)
      return { status: 401, resource: 'Application', field: 'client_id' };
    if (form.get('grant_type') === 'refresh_token') return this.#refreshed(form.get('refresh_token') ?? '');
    if (form.get('grant_type') === 'authorization_code') return this.#exchanged(form);
    return { status: 400, resource: 'Application', field: 'grant_type' };
  }

  /** Whose access token it is. */
  athleteOf(accessToken: string): number | undefined {
    const found = this.#access.get(accessToken);
    return found && found.until > Date.now() ? found.athlete : undefined;
  }

  expire(): void {
    this.#access = new Map();
  }

  #exchanged(form: URLSearchParams): object | Refused {
    const code = this.#codes.get(form.get('code') ?? '');
    this.#codes.delete(form.get('code') ?? '');
    const verifier = form.get('code_verifier');
    const challenge = verifier === null ? null : createHash('sha256').update(verifier).digest('base64url');
    if (!code || code.challenge !== challenge) return { status: 400, resource: 'AuthorizationCode', field: 'code' };
    return { ...this.#tokens(code.athlete, this.grant(code.athlete)), athlete: { id: code.athlete } };
  }

  #refreshed(refreshToken: string): object | Refused {
    const { rotation } = this.#rules;
    const found = this.#refresh.get(refreshToken);
    if (!found) return { status: 400, resource: 'RefreshToken', field: 'code' };
    if (rotation === 'none') return this.#tokens(found.athlete, refreshToken);
    if (rotation === 'strict') this.#refresh.delete(refreshToken);
    if (found.before !== undefined) this.#refresh.delete(found.before);
    return this.#tokens(found.athlete, this.grant(found.athlete, refreshToken));
  }

  #tokens(athlete: number, refreshToken: string): object {
    const { expiresIn } = this.#rules;
    const accessToken = token();
    const until = Date.now() + expiresIn * 1000;
    this.#access.set(accessToken, { athlete, until });
    return {
      token_type: 'Bearer',
      access_token: accessToken,
      expires_at: Math.floor(until / 1000),
      expires_in: expiresIn,
      refresh_token: refreshToken,
    };
  }
}
