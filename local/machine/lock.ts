/** One embedded AWS a state directory: the lock names the process and the URL of the one that runs. */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { EmbeddedAwsError } from './errors.ts';

/** `lasting`: it runs until somebody ends it. `reading`: nothing can be begun there, and it ends in a moment. */
const lockSchema = z.object({
  pid: z.int().positive(),
  url: z.url(),
  lasting: z.boolean(),
  reading: z.boolean().default(false),
});
type Lock = Readonly<z.output<typeof lockSchema>>;

/** Answered by every embedded AWS, without a signature: `{"pid": 123}`. */
export const IDENTITY_PATH = '/_identity';

const fileIn = (directory: string): string => join(directory, 'lock.json');

/** @throws EmbeddedAwsError while an embedded AWS runs on this directory */
export async function refuseIfRunning(directory: string): Promise<void> {
  const running = await runningAt(directory);
  if (running) throw inUse(directory, running);
}

/**
 * Takes the lock; the answer gives it back. The URL must already be served.
 *
 * @throws EmbeddedAwsError while another embedded AWS runs on this directory
 */
export async function lockState(
  directory: string,
  served: Omit<z.input<typeof lockSchema>, 'pid'>,
): Promise<() => void> {
  const file = fileIn(directory);
  const lock = lockSchema.parse({ pid: process.pid, ...served });
  mkdirSync(directory, { recursive: true });
  await refuseIfRunning(directory);
  // A lock without its process: killed before it could give it back.
  rmSync(file, { force: true });
  if (!create(file, lock)) throw inUse(directory, (await runningAt(directory)) ?? lock);
  return () => rmSync(file, { force: true });
}

/**
 * Creates the lock's file with all its content, so that nobody reads a part of it.
 * @returns false where another one was faster
 */
function create(file: string, lock: Lock): boolean {
  const own = `${file}.${lock.pid}`;
  try {
    writeFileSync(own, JSON.stringify(lock));
    linkSync(own, file);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new EmbeddedAwsError(`The lock ${file} cannot be written: ${(cause as Error).message}`, { cause });
  } finally {
    rmSync(own, { force: true });
  }
}

/** The embedded AWS that runs on this state directory, or undefined. */
export async function runningAt(directory: string): Promise<Lock | undefined> {
  const lock = readLock(fileIn(directory));
  if (!lock || !isAlive(lock.pid)) return undefined;
  return (await identityAt(lock.url)) === lock.pid ? lock : undefined;
}

/** A file that holds no lock is one that nobody has: a lock is created whole. */
function readLock(file: string): Lock | undefined {
  try {
    return lockSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether an embedded AWS, of whichever state directory, answers at a URL. */
export const isEmbeddedAws = async (url: string): Promise<boolean> => (await identityAt(url)) !== undefined;

/** A process id is used again after its process has ended, a port too: so the endpoint is asked. */
async function identityAt(url: string): Promise<number | undefined> {
  try {
    const { pid } = (await (await fetch(url + IDENTITY_PATH)).json()) as { pid?: number };
    return pid;
  } catch {
    return undefined; // Nobody listens there, or something else does.
  }
}

const inUse = (directory: string, { pid, url }: Lock): Error =>
  new EmbeddedAwsError(
    `An embedded AWS already runs on ${directory}: ${url}, process ${pid}. Use it, or end it first.`,
  );
