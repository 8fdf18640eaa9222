/** The first grant of access by OAuth 2: the person agrees in a browser, which comes back to this machine. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  ClientSecretPost,
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomState,
  None,
  nopkce,
  processAuthorizationCodeResponse,
  validateAuthResponse,
} from 'oauth4webapi';
import type { Provider } from '#lambdas/sources/descriptor.ts';
import { UsageError } from '../errors.ts';

interface Grant {
  readonly provider: Provider;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  /** Of the address that the browser comes back to; 0 is any free one. */
  readonly port: number;
  /** Gives the person the URL to open. */
  readonly show: (url: string) => void;
}

/**
 * Waits until the person has agreed.
 * @returns the secret of the connection
 * @throws UsageError where they have not, or the provider refuses
 */
export async function requestGrant({ provider, clientId, clientSecret, port, show }: Grant): Promise<object> {
  const state = generateRandomState();
  const verifier = provider.hasPkce ? generateRandomCodeVerifier() : undefined;
  const { server, redirectUri } = await listen(port);
  try {
    const returned = nextReturn(server, redirectUri);
    const url = new URL(provider.authorizationUrl);
    for (const [name, value] of Object.entries({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: provider.scope,
      state,
      ...provider.parameters,
      ...(verifier !== undefined && {
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }),
    }))
      url.searchParams.set(name, value);
    show(url.href);
    const tokens = await exchange(await returned, { provider, clientId, clientSecret, redirectUri, state, verifier });
    const { baseUrl, tokenUrl } = provider;
    return { baseUrl, tokenUrl, clientId, ...(clientSecret !== undefined && { clientSecret }), ...tokens };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function listen(port: number) {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new UsageError(`The port ${port} cannot be used: ${cause.message}.`)));
    server.listen(port, '127.0.0.1', resolve);
  });
  return { server, redirectUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback` };
}

/** What the browser comes back with. It asks for other things too, such as an icon. */
const nextReturn = (server: Server, redirectUri: string): Promise<URL> =>
  new Promise((resolve) => {
    server.on('request', ({ url = '/' }: IncomingMessage, response) => {
      const came = new URL(url, redirectUri);
      const isReturn = came.pathname === '/callback';
      response.writeHead(isReturn ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
      response.end(isReturn ? 'You can close this page; the terminal says how it went.\n' : '');
      if (isReturn) resolve(came);
    });
  });

interface Exchange extends Pick<Grant, 'provider' | 'clientId' | 'clientSecret'> {
  readonly redirectUri: string;
  readonly state: string;
  readonly verifier: string | undefined;
}

async function exchange(returned: URL, of: Exchange) {
  const { provider, clientId, clientSecret, redirectUri, state, verifier } = of;
  const { authorizationUrl, tokenUrl } = provider;
  const server = { issuer: new URL(authorizationUrl).origin, token_endpoint: tokenUrl };
  const client = { client_id: clientId };
  try {
    const parameters = validateAuthResponse(server, client, returned, state);
    const authentication = clientSecret === undefined ? None() : ClientSecretPost(clientSecret);
    const response = await authorizationCodeGrantRequest(
      ...([server, client, authentication, parameters, redirectUri, verifier ?? nopkce] as const),
      { [allowInsecureRequests]: new URL(tokenUrl).hostname === '127.0.0.1' },
    );
    if (!response.ok) throw new Error(`it answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
    const tokens = await processAuthorizationCodeResponse(server, client, response);
    if (tokens.refresh_token === undefined)
      throw new Error('it gave no refresh token; ask for the scope that gives one');
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = tokens;
    const expiresAt = seconds === undefined ? undefined : new Date(Date.now() + seconds * 1000).toISOString();
    return { refreshToken, accessToken, ...(expiresAt !== undefined && { expiresAt }) };
  } catch (cause) {
    const why = cause instanceof AuthorizationResponseError ? cause.error : (cause as Error).message;
    throw new UsageError(`${server.issuer} did not grant access: ${why}.`);
  }
}
