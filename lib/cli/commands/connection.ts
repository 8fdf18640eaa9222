/** `sluice connection`: the secrets that the pipelines' connections are. */
import { text } from 'node:stream/consumers';
import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { Command } from 'commander';
import { secretOfConnection, secretsOf } from '../deployment/deployment.ts';
import { withOpened } from '../deployment/open.ts';
import { NOT_SET } from '../deployment/source-secrets.ts';
import { UsageError } from '../errors.ts';
import { table } from '../terminal/table.ts';
import type { AddCommand } from './add-command.ts';
import { addAuthorize } from './authorize.ts';

interface Options {
  readonly stack?: string;
  readonly json?: true;
}

const SET_HELP = `
What a type of connection wants is in docs/task-types.md; a task whose connection is not set says it too. On this machine
runs of sluice lead connections to sources that have a stand-in there (--source), or to the real ones (--live), by
themselves.

  npx sluice connection set jobs '{"baseUrl":"https://jobs.example.com"}'
  npx sluice connection set jobs - < jobs.json

Exit status: 0 set, 2 usage.`;

export const addConnection: AddCommand = (program) => {
  const connection = program.command('connection').description('The connections of the pipelines, each a secret.');
  withStack(connection.command('list'))
    .description('Lists them, and whether they are set.')
    .option('--json', 'print [{"connection", "secret", "set"}] on one line')
    .action(list);
  withStack(connection.command('set'))
    .description('Sets one.')
    .argument('<name>', 'as the DAG names it')
    .argument('<json>', 'the secret, a JSON object; - reads it from standard input')
    .addHelpText('after', SET_HELP)
    .action(set);
  addAuthorize(connection);
};

const withStack = (command: Command): Command =>
  command.option('--stack <name>', 'of a deployment instead of the embedded AWS');

async function list({ stack, json }: Options): Promise<void> {
  await withOpened({ stack, fresh: true }, async ({ deployment }) => {
    const found = await Promise.all(
      [...secretsOf(deployment)].map(async ([connection, secret]) => {
        const { SecretString = NOT_SET } = await deployment.aws.secrets.send(
          new GetSecretValueCommand({ SecretId: secret }),
        );
        return { connection, secret, set: SecretString !== NOT_SET };
      }),
    );
    const rows = found.map((one) => Object.values(one));
    console.log(json ? JSON.stringify(found) : table({ columns: ['connection', 'secret', 'set'], rows }));
  });
}

async function set(name: string, given: string, { stack }: Options): Promise<void> {
  const value = given === '-' ? await text(process.stdin) : given;
  refuse(value);
  await withOpened({ stack, fresh: true }, async ({ deployment }) => {
    const SecretId = secretOfConnection(deployment, name);
    await deployment.aws.secrets.send(new PutSecretValueCommand({ SecretId, SecretString: value }));
    console.log(`The connection '${name}' is set.`);
  });
}

/** Of the value nothing is told: it is a secret. */
function refuse(value: string): void {
  const wrong = new UsageError(`The secret is no JSON object. Write it as '{"token":"…"}'.`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw wrong;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw wrong;
}
