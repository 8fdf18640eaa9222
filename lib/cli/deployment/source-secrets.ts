/** The secrets that lead connections to the sources of one run, or of a `sluice local`. Nothing of them outlives these. */
import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  paginateListSecrets,
} from '@aws-sdk/client-secrets-manager';
import type { Deployment } from './deployment.ts';

type At = Pick<Deployment, 'aws' | 'name'>;
type Close = () => Promise<void>;

/** What a deployment creates a connection's secret with. */
export const NOT_SET = '{}';

const runPrefix = (stack: string) => `${stack}/runs/`;
/** What connections had before a command led them to what it serves. */
const formerPrefix = (stack: string) => `${stack}/before-local/`;

const connectionSecret = (stack: string, connection: string) => `${stack}/connections/${connection}`;

/** A secret of one run alone: the connection's own is not touched, so that runs side by side have their own sources. */
export async function createRunSecret({ aws, name }: At, connection: string, value: object) {
  const secret = `${runPrefix(name)}${randomUUID()}/${connection}`;
  await aws.secrets.send(new CreateSecretCommand({ Name: secret, SecretString: JSON.stringify(value) }));
  return { secret, close: () => remove({ aws }, secret) };
}

/**
 * Leads a connection elsewhere for all runs.
 * @returns what puts the former value back
 */
export async function replaceSecret(at: At, connection: string, value: object): Promise<Close> {
  const former = formerPrefix(at.name) + connection;
  const own = connectionSecret(at.name, connection);
  const SecretString = await readValue(at, own);
  await at.aws.secrets.send(new CreateSecretCommand({ Name: former, SecretString }));
  await put(at, own, JSON.stringify(value));
  return () => restore(at, former);
}

/** What a command that was killed left: its runs' secrets go, and connections lead where they led. */
export async function removeLeftovers(at: At): Promise<void> {
  const names: string[] = [];
  for await (const { SecretList = [] } of paginateListSecrets({ client: at.aws.secrets }, {}))
    names.push(...SecretList.map(({ Name = '' }) => Name));
  for (const name of names) {
    if (name.startsWith(runPrefix(at.name))) await remove(at, name);
    if (name.startsWith(formerPrefix(at.name))) await restore(at, name);
  }
}

async function restore(at: At, former: string): Promise<void> {
  const own = connectionSecret(at.name, former.slice(formerPrefix(at.name).length));
  await put(at, own, await readValue(at, former));
  await remove(at, former);
}

async function readValue({ aws }: At, secret: string): Promise<string> {
  const { SecretString = '{}' } = await aws.secrets.send(new GetSecretValueCommand({ SecretId: secret }));
  return SecretString;
}

const put = async ({ aws }: At, SecretId: string, SecretString: string): Promise<void> =>
  void (await aws.secrets.send(new PutSecretValueCommand({ SecretId, SecretString })));

const remove = async ({ aws }: Pick<At, 'aws'>, secret: string): Promise<void> =>
  void (await aws.secrets.send(new DeleteSecretCommand({ SecretId: secret, ForceDeleteWithoutRecovery: true })));
