/** Where a connection of type `http` leads, and a request to it as fetch takes it. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { TaskContext } from '#lambdas/runtime/implement.ts';
import { masking } from '#lambdas/runtime/masking.ts';
import { Terminal } from '#lib/contract/errors.ts';
import type { Connection } from '#lib/contract/fields.ts';
import { ledgerKey } from '#lib/runs/keys.ts';
import { SAFE } from '../redirects.ts';

export interface HttpRequest {
  readonly connection: Connection;
  readonly method: string;
  /** Below the connection's baseUrl. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Statuses that are answers too, besides 2xx. */
  readonly answers?: readonly number[];
}

export const baseUrl = z.string().refine(isBase, {
  error: 'expected an http or https URL without user, query and fragment: credentials go into headers',
});

/** The secret of a connection. */
export const secret = z.object({
  baseUrl,
  headers: z.record(z.string(), z.string()).default({}),
  /** Sent as `Authorization: Bearer …`. */
  token: z.string().min(1).optional(),
  /** Sent as `Authorization: Basic …`. */
  basic: z.object({ username: z.string(), password: z.string() }).optional(),
});
export type Target = z.output<typeof secret>;

function isBase(text: string): boolean {
  const { protocol, username, password, search, hash } = URL.parse(text) ?? {};
  return /^https?:$/.test(protocol ?? '') && [username, password, search, hash].every((part) => part === '');
}

/** The URL that a path leads to, below the connection's own. */
export function urlOf({ baseUrl }: Target, { path, query = {} }: HttpRequest): URL {
  const text = `${baseUrl.replace(/\/$/, '')}/${path.replace(/^\//, '')}`;
  const url = URL.parse(text);
  if (!url) throw new Terminal(`'${text}' is no URL. Correct the path.`);
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, String(value));
  return url;
}

type Context = Pick<TaskContext, 'run' | 'task' | 'environment'>;

/** The headers of a request: the connection's, over them its own, and what says that attempts are one request. */
export function headersOf(target: Target, request: HttpRequest, context: Context): Headers {
  // A token is a secret also where the answer repeats it without its scheme.
  const own = { ...credentials(target), ...target.headers };
  for (const value of Object.values(own)) masking.add(value.split(' ').at(-1));
  const headers = new Headers({ 'user-agent': 'sluice' });
  for (const [name, value] of Object.entries({ ...own, ...request.headers })) set(headers, name, value);
  const defaults = {
    ...(request.body !== undefined && { 'content-type': 'application/json' }),
    ...(!SAFE.has(request.method) && { 'idempotency-key': idempotencyKey(context) }),
  };
  for (const [name, value] of Object.entries(defaults)) if (!headers.has(name)) headers.set(name, value);
  return headers;
}

function credentials({ token, basic }: Target): Record<string, string> {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (basic === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString('base64')}` };
}

function set(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value);
  } catch (cause) {
    throw new Terminal(`The header '${name}' cannot be sent: its name or value has characters that none may have.`, {
      cause,
    });
  }
}

/** The same for all attempts of a run's task, and for no other. */
const idempotencyKey = ({ run, task, environment }: Context): string =>
  createHash('sha256')
    .update(`${environment.SLUICE_BUCKET}/${ledgerKey(run, task)}`)
    .digest('hex');
