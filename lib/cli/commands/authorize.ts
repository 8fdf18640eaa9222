/** `sluice connection authorize`: walks through the first grant of a connection of type `oauth2`. */
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { type Command, InvalidArgumentError } from 'commander';
import * as z from 'zod';
import type { Provider } from '#lambdas/sources/descriptor.ts';
import { leadsTo, sources } from '#lambdas/sources/index.ts';
import { problems } from '#lib/contract/problems.ts';
import { secretOfConnection } from '../deployment/deployment.ts';
import { requestGrant } from '../deployment/grant.ts';
import { withOpened } from '../deployment/open.ts';
import { UsageError } from '../errors.ts';

const HELP = `
It prints a URL; open it in a browser on this machine and agree. The browser comes back to 127.0.0.1, and the connection's
secret is set: from then on runs refresh its token by themselves. Register http://127.0.0.1 as redirect address of your
client at the provider, with the port where it wants one (--port).

Of Strava all URLs are known; create a client at https://www.strava.com/settings/api with 127.0.0.1 as callback domain:

  npx sluice connection authorize strava --client-id 12345

The client's secret is asked for, or read from standard input: it stands in no command line. Granting access again needs
neither id nor secret. A client without a secret gives an empty line.

Exit status: 0 set, 2 usage or not granted.`;

interface Options {
  readonly stack?: string;
  readonly clientId?: string;
  readonly baseUrl?: string;
  readonly authorizationUrl?: string;
  readonly tokenUrl?: string;
  readonly scope?: string;
  readonly pkce: boolean;
  readonly port: number;
}

export const addAuthorize = (connection: Command): Command =>
  connection
    .command('authorize')
    .description('Has a person grant access for one, by OAuth 2.')
    .argument('<name>', 'as the DAG names it, of type oauth2')
    .option('--client-id <id>', 'of the client that is registered at the provider')
    .option('--base-url <url>', 'of the API')
    .option('--authorization-url <url>', 'where a person agrees')
    .option('--token-url <url>', 'where tokens are given')
    .option('--scope <scopes>', 'what access is asked for')
    .option('--no-pkce', 'of a provider that refuses PKCE')
    .option('--port <number>', 'that the browser comes back to', portOf, 0)
    .option('--stack <name>', 'of a deployment instead of the embedded AWS')
    .addHelpText('after', HELP)
    .action(authorize);

function portOf(given: string): number {
  const port = Number(given);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new InvalidArgumentError('It is a number from 1 to 65535.');
}

const provider = z.object({
  baseUrl: z.url(),
  authorizationUrl: z.url(),
  tokenUrl: z.url(),
  scope: z.string(),
  hasPkce: z.boolean(),
  parameters: z.record(z.string(), z.string()).optional(),
});
const client = z.object({ clientId: z.string().min(1), clientSecret: z.string().optional() });

async function authorize(name: string, options: Options): Promise<void> {
  const of = await providerOf(name, options);
  await withOpened({ stack: options.stack, fresh: true }, async ({ deployment }) => {
    const SecretId = secretOfConnection(deployment, name);
    const { secrets } = deployment.aws;
    const { SecretString = '{}' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
    const known = client.safeParse(JSON.parse(SecretString)).data;
    const { clientId, clientSecret } = await clientOf(options.clientId, known);
    const show = (url: string) => console.log(`Open this in a browser on this machine, and agree:\n\n  ${url}\n`);
    const secret = await requestGrant({ provider: of, clientId, clientSecret, port: options.port, show });
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(secret) }));
    console.log(`The connection '${name}' is set. Runs refresh its token by themselves.`);
  });
}

/** What is known of the system, and what options say instead. */
async function providerOf(name: string, options: Options): Promise<Provider> {
  const key = Object.keys(sources).find((one) => leadsTo(one, { type: 'oauth2', connection: name }));
  const known = key === undefined ? undefined : (await sources[key]?.())?.provider;
  const { baseUrl, authorizationUrl, tokenUrl, scope, pkce } = options;
  const given = Object.entries({ baseUrl, authorizationUrl, tokenUrl, scope }).filter(([, one]) => one !== undefined);
  const parsed = provider.safeParse({ scope: '', hasPkce: pkce, ...known, ...Object.fromEntries(given) });
  if (!parsed.success)
    throw new UsageError(
      `Of '${name}' it is not known where access is granted: ${problems(parsed.error)}. ` +
        'Give --base-url, --authorization-url and --token-url.',
    );
  const { parameters, ...rest } = parsed.data;
  return { ...rest, ...(parameters && { parameters }) };
}

async function clientOf(clientId: string | undefined, known: z.output<typeof client> | undefined) {
  if (known && (clientId === undefined || clientId === known.clientId)) return known;
  if (clientId === undefined) throw new UsageError('Give --client-id: the connection has none yet.');
  const clientSecret = (process.stdin.isTTY ? await askedFor() : await text(process.stdin)).trim();
  return { clientId, clientSecret: clientSecret === '' ? undefined : clientSecret };
}

/** Nothing of it is shown. */
async function askedFor(): Promise<string> {
  process.stdout.write('The secret of the client: ');
  const terminal = createInterface({ input: process.stdin, terminal: true });
  const answer = await terminal.question('');
  terminal.close();
  process.stdout.write('\n');
  return answer;
}
