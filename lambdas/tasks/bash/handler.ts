import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type * as z from 'zod';
import { readEnvironment } from '#lambdas/runtime/environment.ts';
import { masking } from '#lambdas/runtime/masking.ts';
import { filesBelow } from '#lambdas/sources/files/disk.ts';
import { formatOf } from '#lambdas/sources/files/format-of.ts';
import { pagesOfFiles } from '#lambdas/sources/files/pages.ts';
import { secret } from '#lambdas/sources/http/target.ts';
import { extract, implement, Skipped, type TaskContext, Terminal, Transient } from '#sluice/lambda';
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

type Input = z.output<typeof bash.type.input>;

export const handler = implement(bash, async (input, context) => {
  const { to, file } = input;
  const directory = await mkdtemp(join(TMP, 'sluice-bash-'));
  const out = `${directory}-out`;
  const run = () => runInEmpty(input, context, { directory, out: to && out });
  let lastLine = '';
  try {
    if (!to) return { lastLine: await run() };
    await mkdir(out);
    const format = formatOf(input.format ?? 'ndjson');
    const extracted = await extract(context, { ...to, format: format.records }, async function* (beforehand) {
      lastLine = await run();
      const files = await filesBelow(out);
      if (files.length === 0)
        throw new Terminal(`${file} wrote nothing below $SLUICE_OUT. Have it write its files there.`);
      yield* pagesOfFiles(files, format.file, beforehand);
    });
    return { lastLine, extracted };
  } finally {
    for (const one of [directory, out]) {
      await rm(one, { recursive: true, force: true }).catch((error: Error) =>
        context.log.warn(`${one} stays behind`, error),
      );
    }
  }
});

/** @returns the last line of its stdout */
async function runInEmpty(
  { file, env, connection }: Input,
  { environment, run, task, log, remaining, connections }: TaskContext,
  { directory, out }: { readonly directory: string; readonly out: string | undefined },
): Promise<string> {
  const ours = readEnvironment(inherited);
  maskCredentials(ours);
  const baseUrl = connection && (await connections.get(connection, secret)).baseUrl;
  const errors: string[] = [];
  const ended = await runScript({
    path: resolve(environment.LAMBDA_TASK_ROOT, file),
    directory,
    env: scriptEnvironment({ run, task }, ours, { env, out, baseUrl }),
    withinMs: remaining() - MARGIN_MS - GRACE_MS,
    tell: (line, from) => {
      log.info(line, { from });
      if (from === 'stderr' && errors.push(line) > TOLD.lines) errors.shift();
    },
  });
  return lastLineOf(file, ended, errors.join('\n').slice(-TOLD.characters));
}

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
