import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { EmbeddedAwsError } from '../machine/errors.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { advice, giveToServer, isRunning, runToEnd, supervise } from './processes.ts';

/** What a client needs to connect, as Secrets Manager keeps it for RDS. */
interface Address {
  readonly host: string;
  readonly port: number;
  readonly dbname: string;
  readonly username: string;
  readonly password: string;
}
export interface PostgresServer extends Address {
  /** Where the database of this name is, created where absent. */
  database(name: string): Promise<Address>;
  /** Ends it with its clients' connections. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const USER = 'postgres';
const DATABASE = 'postgres';
const STARTS_WITHIN_MS = 30_000;
const LOOK_MS = 10;

/**
 * Starts a server at a free port of this machine, with what it held before.
 * @param directory of all that it keeps; created when missing
 * @throws EmbeddedAwsError where it cannot start, with what it said
 */
export async function startPostgres(directory: string): Promise<PostgresServer> {
  const binaries = await findBinaries();
  const home = resolve(directory);
  const data = join(home, 'data');
  mkdirSync(home, { recursive: true });
  giveToServer(home);
  if (!existsSync(data)) create(binaries, home);
  await endLeftover(data);
  const port = await freePort();
  const log = join(home, 'postgres.log');
  const output = openSync(log, 'w');
  const server = supervise(binaries.postgres, ['-D', data, '-p', String(port), ...SETTINGS], output);
  closeSync(output);
  const exit = once(server, 'exit');
  if (!(await isReady(data, server))) {
    server.stdin?.end();
    throw refused(`Starting PostgreSQL on ${home}`, readFileSync(log, 'utf8'), home);
  }
  const password = readFileSync(join(home, 'password'), 'utf8');
  const address = { host: HOST, port, dbname: DATABASE, username: USER, password };
  return {
    ...address,
    database: async (name) => {
      await createDatabase(address, name);
      return { ...address, dbname: name };
    },
    close: async () => {
      server.stdin?.end();
      await exit;
    },
  };
}

/** What it keeps outlives any process, but not the machine: it can be loaded again. */
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=off',
  'full_page_writes=off',
].flatMap((setting) => ['-c', setting]);

/** Makes the data directory, whole or not at all. */
function create({ initdb }: Binaries, home: string): void {
  const [made, password] = [join(home, 'data.new'), join(home, 'password')];
  rmSync(made, { recursive: true, force: true });
  writeFileSync(password, randomBytes(24).toString('hex'), { mode: 0o600 });
  giveToServer(password);
  const how = ['--auth=scram-sha-256', `--pwfile=${password}`, '--encoding=UTF8', '--locale=C', '--no-sync'];
  try {
    runToEnd(initdb, ['-D', made, '-U', USER, ...how]);
  } catch (error) {
    throw refused(`Creating a database in ${home}`, (error as Error).message, home);
  }
  renameSync(made, join(home, 'data'));
}

async function createDatabase({ username: user, dbname: database, ...at }: Address, name: string): Promise<void> {
  const client = new pg.Client({ ...at, user, database });
  await client.connect();
  try {
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

const fileOf = (data: string): string => join(data, 'postmaster.pid');

/** Ends the server of a process that was killed together with the one that watches over it. */
async function endLeftover(data: string): Promise<void> {
  const [line] = existsSync(fileOf(data)) ? readFileSync(fileOf(data), 'utf8').split('\n') : [];
  const pid = Number(line);
  if (!pid) return;
  if (isRunning(pid, data)) process.kill(pid, 'SIGINT');
  while (isRunning(pid, data)) await sleep(LOOK_MS);
  rmSync(fileOf(data), { force: true });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The server itself says so, in the eighth line of its file. */
async function isReady(data: string, server: ChildProcess): Promise<boolean> {
  for (const until = Date.now() + STARTS_WITHIN_MS; Date.now() < until; await sleep(LOOK_MS)) {
    if (server.exitCode !== null || server.signalCode !== null) return false;
    const lines = existsSync(fileOf(data)) ? readFileSync(fileOf(data), 'utf8').split('\n') : [];
    if (lines[7]?.trim() === 'ready') return true;
  }
  return false;
}

const refused = (doing: string, said: string, home: string): EmbeddedAwsError =>
  new EmbeddedAwsError(
    `${doing}: ${said.trim().split('\n').slice(-5).join(' ') || 'it said nothing'}.${advice()} If ${home} is damaged, ` +
      'remove it to go on: what it held must be loaded again.',
  );
