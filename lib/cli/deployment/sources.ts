/** What the connections of pipelines lead to on this machine: stand-ins for the sources, or the real ones. */
import { statSync } from 'node:fs';
import type { LeadingSecret, SourceDescriptor, StandIn } from '#lambdas/sources/descriptor.ts';
import { sources as descriptors, leadsTo } from '#lambdas/sources/index.ts';
import type { RunSources } from '#lib/contract/envelope.ts';
import { SluiceError } from '#lib/contract/errors.ts';
import { DagError, type Graph } from '#lib/dag/index.ts';
import { loadPipelines, pipelineNames } from '#lib/pipelines/load.ts';
import { UsageError } from '../errors.ts';
import { endAll } from './ends.ts';
import { readVariables } from './environment.ts';
import type { Opened } from './open.ts';
import { createRunSecret, replaceSecret } from './source-secrets.ts';

export interface SourceOptions {
  /** A directory that stand-ins serve. */
  readonly source?: string;
  /** The real sources. */
  readonly live?: true;
}
type Close = () => Promise<void>;

/** A source that pipelines read, and the names of the connections that lead to it. */
interface ReadSource {
  readonly source: SourceDescriptor;
  readonly connections: readonly string[];
}

/** Where a run's connections lead, and what ends it. */
interface Connected {
  readonly sources: RunSources;
  readonly close: Close;
}

/**
 * Opens the sources of one run on the embedded AWS, which travel with its execution: no other run sees them. Without a
 * choice, a run of a `sluice local` reads what that one serves. A run of a deployment reads what its secrets lead to,
 * and one from raw reads none.
 */
export async function connectSources(
  opened: Opened,
  { pipeline, fromRaw, ...options }: SourceOptions & { readonly pipeline: string; readonly fromRaw?: true },
): Promise<Connected> {
  const { kind, deployment } = opened;
  const isChosen = options.source !== undefined || options.live;
  if (fromRaw || kind === 'aws' || (kind === 'attached' && !isChosen)) return { sources: {}, close: async () => {} };
  const sources: RunSources = {};
  const close = await openSources(await graphsOf(pipeline), options, async (connection, value) => {
    const { secret, close } = await createRunSecret(deployment, connection, value);
    sources[connection] = { secret, baseUrl: value.baseUrl };
    return close;
  });
  return { sources, close };
}

/**
 * Leads all connections of the embedded AWS of this process to sources, for whoever starts runs there.
 * @returns what ends the sources, and leads the connections back to where they led
 */
export const serveSources = async ({ deployment }: Opened, options: SourceOptions): Promise<Close> =>
  openSources(await graphsOf(undefined), options, (connection, value) => replaceSecret(deployment, connection, value));

type Lead = (connection: string, value: LeadingSecret) => Promise<Close>;

async function openSources(graphs: readonly Graph[], { source: dir, live }: SourceOptions, lead: Lead): Promise<Close> {
  const closes: Close[] = [];
  const close = () => endAll(closes.toReversed());
  try {
    for (const { source, connections } of await sourcesOf(graphs)) {
      const standIn = live ? await readLive(source, graphs) : await source.startStandIn(dir);
      closes.push(() => standIn.close());
      for (const connection of connections) {
        const secret = standIn.secretOf(connection);
        if (secret) closes.push(await lead(connection, secret));
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  return close;
}

/**
 * What is wrong with the choice of a source, before anything is started.
 * @param pipeline the one that is run; without it, all of them
 * @throws UsageError
 */
export async function refuseSources(
  { pipeline, source, live }: SourceOptions & { readonly pipeline?: string },
  here: boolean,
): Promise<void> {
  if (source === undefined && !live) return;
  if (source !== undefined && live) throw new UsageError('Give --source or --live, not both.');
  if (source !== undefined) refuseMissing(source);
  if (!here)
    throw new UsageError('--source and --live are for the embedded AWS: a deployment reads what its secrets lead to.');
  const read = await sourcesOf(await graphsOf(pipeline));
  for (const one of live ? read : []) variablesOf(one.source);
  if (read.length > 0 || !pipelineNames().includes(pipeline ?? '')) return;
  const known = Object.keys(descriptors).join(', ');
  throw new UsageError(`${pipeline} reads none of the sources that --source and --live can lead it to: ${known}.`);
}

function refuseMissing(directory: string): void {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`--source ${directory}: there is no such directory.`);
}

/** What `--source` and `--live` mean, for help texts. */
export async function describeSources(): Promise<Readonly<Record<'source' | 'live', string>>> {
  const all = await Promise.all(Object.values(descriptors).map((load) => load()));
  const layouts = all.map(({ layout, name }) => `as ${name}: ${layout}`).join('; ');
  const credentialOf = (variables: object) => Object.keys(variables).join(', ') || 'the connection as it is set';
  const hosts = all.map(({ live }) => `${live.host} with ${credentialOf(live.variables.shape)}`).join('; ');
  return {
    source: `serve the files of a directory in place of the sources (${layouts})`,
    live: `read the real sources in place of stand-ins (${hosts})`,
  };
}

/** Of one pipeline, or of all. One that is unknown or broken has none: it is refused where it is looked up. */
async function graphsOf(pipeline: string | undefined): Promise<Graph[]> {
  const { pipelines } = await loadPipelines(pipeline === undefined ? pipelineNames() : [pipeline]);
  return Object.values(pipelines).flatMap(({ dag }) => buildable(dag));
}

/** What a broken DAG reads is read by nobody. */
function buildable(dag: { graph(): Graph }): Graph[] {
  try {
    return [dag.graph()];
  } catch (error) {
    if (error instanceof DagError) return [];
    throw error;
  }
}

async function sourcesOf(graphs: readonly Graph[]): Promise<ReadSource[]> {
  const grants = graphs.flatMap(({ tasks }) => tasks.flatMap((task) => task.grants));
  const connections = grants.flatMap(({ to }) => ('connection' in to ? [to] : []));
  const read = Object.entries(descriptors).map(async ([of, load]) => {
    const isOf = (one: (typeof connections)[number]) => leadsTo(of, one);
    const names = new Set(connections.filter(isOf).map(({ connection }) => connection));
    return names.size === 0 ? [] : [{ source: await load(), connections: [...names] }];
  });
  return (await Promise.all(read)).flat();
}

function variablesOf({ live: { host, variables } }: SourceDescriptor) {
  const parsed = readVariables(variables);
  if (parsed.success) return parsed.data;
  const missing = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new UsageError(`--live reads ${host} and needs a credential: set ${missing}.`);
}

/** The real source in place of a stand-in, once it is said what reading it will cost. */
async function readLive(source: SourceDescriptor, graphs: readonly Graph[]): Promise<StandIn> {
  const variables = variablesOf(source);
  const tasks = graphs.flatMap((graph) => graph.tasks);
  const cost = await source.live.cost(tasks, variables).catch(refuse);
  for (const line of cost) console.error(line);
  const secret = source.live.secret(variables);
  return { secretOf: () => secret, close: async () => {} };
}

function refuse(error: unknown): never {
  if (error instanceof SluiceError) throw new UsageError(error.message);
  throw error;
}
