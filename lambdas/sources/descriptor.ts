/** What the command line knows of a source: how its runs read a stand-in for it on this machine, or the real one. */
import type * as z from 'zod';

/** A task that reads the source, as the pipeline's graph has it. References are no values yet. */
export interface SourceTask {
  readonly type: string | null;
  readonly input: unknown;
}

/** The value of a connection's secret that leads to a source. */
export type LeadingSecret = object & { readonly baseUrl: string };

export interface StandIn {
  /** What leads a connection there; undefined where it leads there already. */
  readonly secretOf: (connection: string) => LeadingSecret | undefined;
  close(): Promise<void>;
}

/** The real source. */
interface LiveSource<V extends z.ZodObject = z.ZodObject> {
  /** Where it is read: `api.github.com`. */
  readonly host: string;
  /** The environment variables that its secret is made of. */
  readonly variables: V;
  /** What leads a connection there; undefined where the connection's own secret is taken, as it is set. */
  secret(variables: z.output<V>): LeadingSecret | undefined;
  /**
   * What a run will cost of what the source allows, a line each. It may ask the source.
   * @throws SluiceError where the source refuses, or cannot be reached
   */
  cost(tasks: readonly SourceTask[], variables: z.output<V>): Promise<string[]>;
}

/** Where access to a source is granted by OAuth 2. */
export interface Provider {
  /** Of the API. */
  readonly baseUrl: string;
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  readonly scope: string;
  /** Of the authorization request, besides those of OAuth. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly hasPkce: boolean;
}

/** A system whose connections `--source` and `--live` lead somewhere. */
export interface SourceDescriptor<V extends z.ZodObject = z.ZodObject> {
  /** The type of connections that lead to it. */
  readonly type: string;
  /** As people call it. */
  readonly name: string;
  /** What a directory for `--source` has, for help texts. */
  readonly layout: string;
  /** Serves a directory on this machine; without one, generated data. */
  startStandIn(directory: string | undefined): Promise<StandIn>;
  readonly live: LiveSource<V>;
  /** Of connections of type `oauth2`. */
  readonly provider?: Provider;
}

/** Declares a source; the schema of its variables gives the types of the rest. */
export const describeSource = <V extends z.ZodObject>(source: SourceDescriptor<V>): SourceDescriptor =>
  source as unknown as SourceDescriptor;
