import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readEnvironment } from '#lambdas/runtime/environment.ts';
import { masking } from '#lambdas/runtime/masking.ts';
import { implement, Skipped, Terminal, Transient } from '#sluice/lambda';
import { type Inherited, inherited, scriptEnvironment, TMP } from './environment.ts';
import { LONGEST_LINE } from './lines.ts';
import { type Ended, GRACE_MS, runScript } from './script.ts';
import { bash } from './task.ts';

/** Airflow's `skip_on_exit_code`. */
const SKIP = 99;
/** Between the script's end and the function's. */
const MARGIN_MS = 10_000;
/** Of stderr, in an error. */
const TOLD = { lines: 10, characters: 2000 };

export const handler = implement(bash, async ({ file, env }, { environment, run, task, log, remaining }) => {
  const ours = readEnvironment(inherited);
  maskCredentials(ours);
  const directory = await mkdtemp(join(TMP, 'sluice-bash-'));
  const errors: string[] = [];
  try {
    const ended = await runScript({
      path: resolve(environment.LAMBDA_TASK_ROOT, file),
      directory,
      env: scriptEnvironment({ run, task }, ours, env),
      withinMs: remaining() - MARGIN_MS - GRACE_MS,
      tell: (line, from) => {
        log.info(line, { from });
        if (from === 'stderr' && errors.push(line) > TOLD.lines) errors.shift();
      },
    });
    return { lastLine: lastLineOf(file, ended, errors.join('\n').slice(-TOLD.characters)) };
  } finally {
    await rm(directory, { recursive: true, force: true }).catch((error: Error) =>
      log.warn(`${directory} stays behind`, error),
    );
  }
});

/** Those of a session: without a token there is none, and hiding words would only hide other text. */
function maskCredentials({ AWS_SECRET_ACCESS_KEY: key, AWS_SESSION_TOKEN: token }: Inherited): void {
  if (token !== undefined) masking.add([key, token]);
}

function lastLineOf(file: string, { code, signal, isOvertime, last }: Ended, errors: string): string {
  const why = errors === '' ? '' : ` The end of its stderr:\n${errors}`;
  if (isOvertime) {
    throw new Transient(
      `${file} was ended because the function's time was ending. Make it shorter, or give its work to several tasks.${why}`,
    );
  }
  if (code === SKIP) throw new Skipped(`${file} exited with ${SKIP}.${why}`);
  if (code !== 0) throw new Transient(`${file} ${signal ? `was ended by ${signal}` : `exited with ${code}`}.${why}`);
  if (!last.isCut) return last.text;
  throw new Terminal(
    `The last line of ${file}'s stdout, which is the task's output, has more than ${LONGEST_LINE} characters. ` +
      'Print a pointer to the data as the last line.',
  );
}
