/**
 * The sources that runs on this machine can be led to, by the type of their connections, or by the type and name of the one
 * connection that leads there. One line a system.
 */
import type { SourceDescriptor } from './descriptor.ts';

export const sources: Readonly<Record<string, () => Promise<SourceDescriptor>>> = {
  github: async () => (await import('./github/source.ts')).source,
  'http/music-app': async () => (await import('./songplays/source.ts')).source,
};
