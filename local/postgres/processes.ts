/** The processes of the server: as a user that PostgreSQL accepts, and none that outlives this process. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync } from 'node:fs';

/** PostgreSQL refuses root. The user nobody has this id on every Linux. */
const NOBODY = 65_534;

type Identity = 'own' | 'root as nobody' | 'nobody';

/**
 * In a namespace of its own root passes for nobody and still reaches all that is root's. Where there may be none, as in
 * many containers, the server runs as nobody, who must be let into the directories.
 */
function findIdentity(): Identity {
  if (process.getuid?.() !== 0) return 'own';
  try {
    runToEnd('unshare', [...AS_NOBODY, 'true'], 'own');
    return 'root as nobody';
  } catch {
    return 'nobody';
  }
}

const AS_NOBODY = ['--user', `--map-user=${NOBODY}`, '--'];
const PLACE = { cwd: '/', env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' } };
let found: Identity | undefined;
const identity = (): Identity => {
  found ??= findIdentity();
  return found;
};

const commandOf = (program: string, args: readonly string[], as: Identity): [string, string[]] =>
  as === 'root as nobody' ? ['unshare', [...AS_NOBODY, program, ...args]] : [program, [...args]];
const idsOf = (as: Identity) => (as === 'nobody' ? { uid: NOBODY, gid: NOBODY } : {});

/** Gives a file or directory to the user that the server runs as. */
export function giveToServer(path: string): void {
  if (identity() === 'nobody') chownSync(path, NOBODY, NOBODY);
}

/** What is to be done where the server cannot reach its files. */
export const advice = (): string =>
  identity() === 'nobody'
    ? ' PostgreSQL refuses root and runs as nobody here, who must be let into every directory above.'
    : '';

/** Runs a program to its end. @throws Error with what it said */
export function runToEnd(program: string, args: readonly string[], as = identity()): void {
  execFileSync(...commandOf(program, args, as), { ...PLACE, ...idsOf(as), stdio: ['ignore', 'pipe', 'pipe'] });
}

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
export function supervise(program: string, args: readonly string[], output: number): ChildProcess {
  const as = identity();
  const supervised = ['-c', SUPERVISE, 'sh', program, ...args];
  return spawn(...commandOf('/bin/sh', supervised, as), {
    ...PLACE,
    ...idsOf(as),
    detached: true,
    stdio: ['pipe', output, output],
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
