/** Connections as tasks see them: the parsed secret of a name that the task declared. */
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import type { RunSources } from '#lib/contract/envelope.ts';
import { Terminal } from '#lib/contract/errors.ts';
import type { Connection } from '#lib/contract/fields.ts';
import { problems } from '#lib/contract/problems.ts';
import { masking } from './masking.ts';
import { stackOption } from './stack-option.ts';

export interface Connections {
  /** The ARN or name of a connection's secret, for services that read it themselves (the Redshift Data API). */
  secretId(connection: Connection): string;
  /**
   * The secret, as its schema has it. Fetched once in an attempt; its values are masked in logs.
   * @throws Terminal where the secret is missing, not set or wrong, with the command that sets it
   */
  get<S extends z.ZodObject>(connection: Connection, schema: S): Promise<z.output<S>>;
  /** The same, fetched anew: for a credential that the source no longer takes. */
  refetch<S extends z.ZodObject>(connection: Connection, schema: S): Promise<z.output<S>>;
  /** Sets the secret; Secrets Manager keeps what it was as the version before. For types that tasks may write (`oauth2`). */
  put(connection: Connection, value: object): Promise<void>;
}

interface SecretNames {
  /** The ARN or name of each connection's secret. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What the run has in place of some. */
  readonly sources?: RunSources | undefined;
  /** See `stackOption`. */
  readonly stack?: string | undefined;
}

/** Connections by name over Secrets Manager, for one attempt: the next one sees what was set in between. */
export function secretConnections({ secrets, sources = {}, stack }: SecretNames): Connections {
  const fetched = new Map<string, unknown>();

  const secretId = ({ connection }: Connection) => {
    const id = secrets[connection];
    if (id !== undefined) return sources[connection]?.secret ?? id;
    const known = Object.keys(secrets).join(', ') || 'none';
    throw new Terminal(
      `Connection '${connection}' is not given to this function (SLUICE_CONNECTIONS has: ${known}). ` +
        'Name it in the task of the DAG and deploy again.',
    );
  };

  const refetch: Connections['refetch'] = async (connection, schema) => {
    const id = secretId(connection);
    const value = await fetchSecret(connection, id);
    fetched.set(id, value);
    return parse(value, { connection, id, schema, stack });
  };

  const get: Connections['get'] = async (connection, schema) => {
    const id = secretId(connection);
    return fetched.has(id) ? parse(fetched.get(id), { connection, id, schema, stack }) : refetch(connection, schema);
  };

  const put: Connections['put'] = async (connection, value) => {
    const id = secretId(connection);
    masking.add(value);
    const { PutSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
    await (await secretsManager()).send(
      new PutSecretValueCommand({ SecretId: id, SecretString: JSON.stringify(value) }),
    );
    fetched.set(id, value);
  };

  return { secretId, get, refetch, put };
}

let client: SecretsManagerClient | undefined;

async function secretsManager(): Promise<SecretsManagerClient> {
  const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  client ??= new SecretsManagerClient();
  return client;
}

async function fetchSecret({ connection, type }: Connection, id: string): Promise<unknown> {
  const { GetSecretValueCommand, ResourceNotFoundException } = await import('@aws-sdk/client-secrets-manager');
  const doing = `Reading the secret ${id} of ${type} connection '${connection}'`;
  try {
    const { SecretString = '' } = await (await secretsManager()).send(new GetSecretValueCommand({ SecretId: id }));
    const secret = asJson(SecretString, doing);
    masking.add(secret);
    return secret;
  } catch (cause) {
    if (!(cause instanceof ResourceNotFoundException)) throw cause;
    throw new Terminal(`${doing}: there is none. The pipeline's stack creates it; deploy it again.`, { cause });
  }
}

function asJson(text: string, doing: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    masking.add(text);
    throw new Terminal(`${doing}: it is no JSON. Set it as a JSON object.`);
  }
}

interface Wanted<S> {
  readonly connection: Connection;
  readonly id: string;
  readonly schema: S;
  readonly stack: string | undefined;
}

function parse<S extends z.ZodObject>(secret: unknown, { connection, id, schema, stack }: Wanted<S>): z.output<S> {
  const parsed = schema.safeParse(secret);
  if (parsed.success) return parsed.data;
  const empty = typeof secret === 'object' && secret !== null && Object.keys(secret).length === 0;
  throw new Terminal(
    `The secret ${id} of ${connection.type} connection '${connection.connection}' is ` +
      `${empty ? 'not set' : `wrong: ${problems(parsed.error)}`}. Set it: ` +
      `npx sluice connection set ${connection.connection} '${example(schema)}'${stackOption(stack)}`,
  );
}

function example(schema: z.ZodObject): string {
  const needed = Object.entries(schema.shape).filter(([, field]) => !z.safeParse(field, undefined).success);
  return JSON.stringify(Object.fromEntries(needed.map(([name]) => [name, '…'])));
}
