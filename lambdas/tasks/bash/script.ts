/** A bash script as a process group of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Transient } from '#lib/contract/errors.ts';
import { Lines } from './lines.ts';

export interface Script {
  readonly path: string;
  readonly directory: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** When it is told to end. */
  readonly withinMs: number;
  readonly tell: (line: string, from: 'stdout' | 'stderr') => void;
}

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether it had to be told to end. */
  readonly isOvertime: boolean;
  /** Of stdout. */
  readonly last: Lines['last'];
}

/** Between SIGTERM and SIGKILL. */
export const GRACE_MS = 5000;
/** For what the script left in the pipes; a process that it put into another group may hold them open for ever. */
const DRAIN_MS = 1000;
/** Of a timer. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Runs a script to its end. No process that it started in its group outlives it.
 * @throws Transient where bash cannot be started
 */
export async function runScript({ path, directory, env, withinMs, tell }: Script): Promise<Ended> {
  const child = spawn('bash', [path], { cwd: directory, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = [
    new Lines((line) => tell(line, 'stdout')),
    new Lines((line) => tell(line, 'stderr')),
  ] as const;
  child.stdout.setEncoding('utf8').on('data', (text: string) => stdout.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => stderr.push(text));
  const closed = new Promise((resolve) => child.once('close', resolve));
  // A group of its own does not end with this process by itself.
  const kill = () => signalGroup(child, 'SIGKILL');
  process.once('exit', kill);
  let isOvertime = false;
  let killing: NodeJS.Timeout | undefined;
  const ending = setTimeout(
    () => {
      isOvertime = true;
      signalGroup(child, 'SIGTERM');
      killing = setTimeout(kill, GRACE_MS);
    },
    Math.min(withinMs, LONGEST_MS),
  );
  try {
    const { code, signal } = await exitOf(child);
    kill();
    await Promise.race([closed, sleep(DRAIN_MS)]);
    for (const lines of [stdout, stderr]) lines.end();
    return { code, signal, isOvertime, last: stdout.last };
  } finally {
    process.off('exit', kill);
    clearTimeout(ending);
    clearTimeout(killing);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

const exitOf = (child: ChildProcess) =>
  new Promise<Pick<Ended, 'code' | 'signal'>>((resolve, reject) => {
    child.once('error', (cause) => reject(new Transient(`Starting bash: ${cause.message}.`, { cause })));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // Nobody of the group is left.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
