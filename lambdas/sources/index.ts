/**
 * The sources that runs on this machine can be led to, by the type of their connections, or by type and name: the connection
 * of that name leads there, and those whose names go on with a hyphen. One line a system.
 */
import type { SourceDescriptor } from './descriptor.ts';

export const sources: Readonly<Record<string, () => Promise<SourceDescriptor>>> = {
  github: async () => (await import('./github/source.ts')).source,
  'http/music-app': async () => (await import('./songplays/source.ts')).source,
  'oauth2/strava': async () => (await import('./strava/source.ts')).source,
};

/** Whether a connection leads to the source of a key. */
export const leadsTo = (key: string, { type, connection }: { readonly type: string; readonly connection: string }) =>
  type === key || `${type}/${connection}` === key || `${type}/${connection}`.startsWith(`${key}-`);
