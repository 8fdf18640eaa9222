/** The mail about a run that failed, where the embedded AWS wrote it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlerted } from '#lib/runs/execution-pointer.ts';
import type { Store } from '#lib/runs/store.ts';
import { STATE } from './place.ts';

const MAILBOX = resolve(STATE, 'mailbox');
const POLL_MS = 250;
/** The mail leaves right after the record is closed. One that cannot leave is retried for longer than a person waits. */
const WAITS_MS = 10_000;

/** Waits for the mail about the end of an execution. @returns its file, or undefined where none was written here */
export async function mailAbout(execution: string, store: Store): Promise<string | undefined> {
  for (const until = Date.now() + WAITS_MS; Date.now() < until; await sleep(POLL_MS))
    if (await isAlerted(store, execution)) return findMail(execution);
  return undefined;
}

/** The names of mails begin with their time. */
function findMail(execution: string): string | undefined {
  if (!existsSync(MAILBOX)) return undefined;
  const files = readdirSync(MAILBOX).filter((name) => name.endsWith('.eml'));
  return files
    .sort()
    .reverse()
    .map((name) => resolve(MAILBOX, name))
    .find((file) => readFileSync(file, 'utf8').includes(`\nExecution: ${execution}\n`));
}
