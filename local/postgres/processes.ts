/** The processes of the server: as a user that PostgreSQL accepts, and none that outlives this process. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync } from 'node:fs';

/** PostgreSQL refuses root; nobody has this id on every Linux. */
const NOBODY = 65_534;
const ROOT = process.getuid?.() === 0;
const IDENTITY = ROOT ? { uid: NOBODY, gid: NOBODY } : {};

/** Gives a file or directory to the user that the server runs as. */
export function giveToServer(path: string): void {
  if (ROOT) chownSync(path, NOBODY, NOBODY);
}

export const RUNS_AS = ROOT ? 'nobody, since PostgreSQL refuses root' : undefined;

/**
 * Ends the server, with its clients, when standard input ends: however this process ends, that is when it does. A process
 * group of its own: Ctrl-C is for those who still need the server to end well.
 */
const SUPERVISE = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
(read -r _ <&3; kill -INT $server) 2>/dev/null &
wait $server`;

/** @param output the file descriptor that takes what the server says */
export const supervise = (program: string, args: readonly string[], output: number): ChildProcess =>
  spawn('/bin/sh', ['-c', SUPERVISE, 'sh', program, ...args], {
    ...IDENTITY,
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    detached: true,
    stdio: ['pipe', output, output],
  });

/** Runs a program to its end. @throws Error with what it said */
export function runToEnd(program: string, args: readonly string[]): void {
  execFileSync(program, args, {
    ...IDENTITY,
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Whether a process runs that was started with this text: its id alone may be another's by now. */
export function isRunning(pid: number, text: string): boolean {
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(text);
  } catch {
    return false; // There is no such process.
  }
}
