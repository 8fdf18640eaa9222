import * as z from 'zod';
import { baseUrl } from '../http/target.ts';

/** The secret of a connection of type `oauth2`. `sluice connection authorize` makes it; each refresh writes it anew. */
export const oauth2Secret = z.looseObject({
  baseUrl,
  /** Where tokens are given. */
  tokenUrl: z.url(),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
  /** How the client shows its secret to the provider. */
  clientAuthentication: z.enum(['post', 'basic']).default('post'),
  refreshToken: z.string().min(1),
  accessToken: z.string().min(1).optional(),
  /** Of the access token; absent where the provider does not say it. */
  expiresAt: z.iso.datetime().optional(),
});
export type OAuth2Secret = z.output<typeof oauth2Secret>;
