/** A list of a REST API, as a task says it. */
import * as z from 'zod';
import { duration } from '#lib/time/duration.ts';

/** Names of fields of JSON from the outside in, with dots between them: `data.items`. */
const path = z.string().regex(/^[^.]+(\.[^.]+)*$/, "expected names of fields with dots between them, as 'data.items'");
const parameter = z.string().min(1);

/** How a list goes on after a page. */
export const pagination = z.discriminatedUnion('by', [
  /** As the Link header says (`rel="next"`). */
  z.object({ by: z.literal('link') }),
  /**
   * By a cursor in the body, until there is none: null, "" or no such field. It is sent as the parameter; without one it is
   * the URL of the next page.
   */
  z.object({ by: z.literal('cursor'), at: path, parameter: parameter.optional() }),
  /** By the page's number, until a page is empty: a shorter one may be followed by others. The first is 1, or `first`. */
  z.object({ by: z.literal('page'), parameter, first: z.int().optional() }),
  /** By the number of records before it, until a page is empty. */
  z.object({ by: z.literal('offset'), parameter }),
]);
export type Pagination = z.output<typeof pagination>;

/** What headers of each response say of a limit. */
export const rateLimit = z.union([
  /** How much is left, and when there will be more: an instant in seconds since 1970, or in so many seconds. */
  z.object({
    remaining: z.string(),
    reset: z.string(),
    resetIn: z.enum(['epoch', 'seconds']).optional(),
  }),
  /** How much is allowed and used in each of these windows, with commas between: `200,2000`. Windows begin at multiples of their length, UTC. */
  z.object({ limit: z.string(), usage: z.string(), windows: z.array(duration).min(1) }),
]);
export type RateLimit = z.output<typeof rateLimit>;

/** How an instant is written in a query: ISO 8601, its date, or seconds or milliseconds since 1970. */
export const INSTANT_FORMATS = ['instant', 'date', 'seconds', 'milliseconds'] as const;
export type InstantFormat = (typeof INSTANT_FORMATS)[number];

/** What is asked for of a list: what changed since an instant. */
export const increment = z.object({
  /** The logical date of an earlier run, as a watermark gives it; null asks for everything. */
  at: z.string().nullable(),
  /** So much earlier it is asked for: what comes late, or changes after its time. */
  lag: duration.optional(),
  /** With it the API is told the instant. */
  parameter: parameter.optional(),
  /** How the parameter has it. Default `instant`. */
  as: z.enum(INSTANT_FORMATS).optional(),
  /** Without a parameter: the field by which the list is sorted, the newest first. Behind the instant it is not read on. */
  field: path.optional(),
});
export type Increment = z.output<typeof increment>;

export const listQuery = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
export const recordsPath = path;
