/** The refresh of a token (RFC 6749, section 6). */
import {
  allowInsecureRequests,
  ClientSecretBasic,
  ClientSecretPost,
  None,
  processRefreshTokenResponse,
  refreshTokenGrantRequest,
} from 'oauth4webapi';
import { masking } from '#lambdas/runtime/masking.ts';
import { Terminal, Transient } from '#lib/contract/errors.ts';
import { excerpt, isPassing } from '../refusals.ts';
import type { OAuth2Secret } from './secret.ts';

/** The provider does not take the refresh token, or the client. */
export class GrantRefused extends Terminal {}

export const REQUEST_MS = 20_000;

type Tokens = Pick<OAuth2Secret, 'refreshToken' | 'accessToken' | 'expiresAt'>;

/**
 * @throws GrantRefused where the provider refuses
 * @throws Transient for failures of the provider or of the network
 */
export async function refresh(secret: OAuth2Secret): Promise<Tokens> {
  const { tokenUrl, clientId, refreshToken } = secret;
  const server = { issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl };
  const client = { client_id: clientId };
  const asked = `Refreshing a token at ${tokenUrl}`;
  const response = await refreshTokenGrantRequest(server, client, authenticationOf(secret), refreshToken, {
    signal: AbortSignal.timeout(REQUEST_MS),
    [allowInsecureRequests]: isOfThisMachine(tokenUrl),
  }).catch((cause: Error & { cause?: Error }) => {
    throw new Transient(`${asked} failed: ${cause.cause?.message || cause.message}.`, { cause });
  });
  // Not all providers word their errors as the RFC does.
  if (!response.ok) {
    const told = `${asked} was answered with ${response.status}: ${excerpt(await response.text()) || 'no text'}.`;
    throw isPassing(response.status) ? new Transient(told) : new GrantRefused(told);
  }
  const taken = await processRefreshTokenResponse(server, client, response).catch((cause: Error) => {
    throw new Transient(`${asked}: the response is no token: ${cause.message}.`, { cause });
  });
  const { access_token: accessToken, refresh_token: rotated = refreshToken, expires_in: seconds } = taken;
  masking.add({ accessToken, rotated });
  const expiresAt = seconds === undefined ? undefined : new Date(Date.now() + seconds * 1000).toISOString();
  return { accessToken, refreshToken: rotated, expiresAt };
}

function authenticationOf({ clientSecret, clientAuthentication }: OAuth2Secret) {
  if (clientSecret === undefined) return None();
  return clientAuthentication === 'basic' ? ClientSecretBasic(clientSecret) : ClientSecretPost(clientSecret);
}

/** A stand-in's; to others a token goes encrypted. */
const isOfThisMachine = (url: string): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
