import type { RateLimit } from '#lambdas/sources/rest/objects.ts';
import { type Connection, use } from '#sluice';

export interface Athlete {
  /** In names of tasks: lower case letters, digits and `_`. */
  readonly name: string;
  /** Of type `oauth2`; `strava`, or a name that begins with `strava-`. Each athlete grants access by one of their own. */
  readonly connection: string;
}

/** Adding an athlete is a line here, and `npx sluice connection authorize <connection>`. */
export const athletes: readonly Athlete[] = [{ name: 'athlete', connection: 'strava' }];

/** What is loaded into: the deployment's warehouse, or a PostgreSQL database: `use('postgres', 'strava-database')`. */
export const warehouse: Connection<'redshift' | 'postgres'> = use('redshift', 'warehouse');

/**
 * How far back an activity is asked for, by when it began: one may be uploaded or edited long after. What is older is
 * found by the next full pass.
 */
export const lag = '30d';

/** Days from one full pass to the next: how long a deletion may go unnoticed. One more at any time: `--param full=true`. */
export const FULL_EVERY_DAYS = 7;

/** As Strava's responses tell them: all requests, and those that read. */
export const limits: readonly RateLimit[] = ['x-ratelimit', 'x-readratelimit'].map((name) => ({
  limit: `${name}-limit`,
  usage: `${name}-usage`,
  windows: ['15m', '1d'],
}));
