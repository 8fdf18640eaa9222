/** Where a command acts: the embedded AWS, an endpoint that is there already, or an account. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isEmbeddedAws, runningAt, serveAtRest } from '#local/at-rest.ts';
import type { EmbeddedAws } from '#local/index.ts';
import { UsageError } from '../errors.ts';
import { aws, awsAt, embeddedAwsAt } from './aws.ts';
import { DEFAULT_STACK, type Deployment, readDeployment } from './deployment.ts';
import { environment } from './environment.ts';
import { ASSEMBLY, STATE } from './place.ts';
import { removeLeftovers } from './source-secrets.ts';
import { synthesize } from './synth.ts';

export interface Opened {
  readonly deployment: Deployment;
  /** `embedded`: this process serves AWS. `attached`: `sluice local` does. `aws`: an account or another endpoint. */
  readonly kind: 'embedded' | 'attached' | 'aws';
  /** Of the embedded AWS: for the AWS CLI and SDKs. */
  readonly environment: Readonly<Record<string, string>>;
  /** Waits until what events set off is done, then ends what was started here. */
  close(): Promise<void>;
}

interface Wish {
  /** The platform stack of a deployment; without it, the embedded AWS. */
  readonly stack?: string | undefined;
  /** Whether the app is synthesized first, or taken as it last was where it was. */
  readonly fresh: boolean;
}

/** Whether a command acts on the embedded AWS of this machine. */
export const isHere = ({ stack }: Pick<Wish, 'stack'>): boolean => stack === undefined && !environment.AWS_ENDPOINT_URL;

/** Whether a `sluice local` serves this machine's embedded AWS, so that what is begun goes on after a command. */
export const isServedHere = async (): Promise<boolean> => (await runningAt(STATE))?.lasting === true;

export async function open({ stack, fresh }: Wish): Promise<Opened> {
  return isHere({ stack }) ? openEmbedded({ fresh }) : openThere(stack);
}

/** Opens for some work, and closes after it, however it ends. */
export async function withOpened(wish: Wish, work: (opened: Opened) => Promise<void>): Promise<void> {
  const opened = await open(wish);
  try {
    await work(opened);
  } finally {
    await opened.close();
  }
}

/**
 * Opens for reading what runs have left. It needs no synthesis, starts nothing that could carry a run out, and joins the
 * embedded AWS of whichever command is at work.
 */
export async function withReading(wish: Pick<Wish, 'stack'>, work: (opened: Opened) => Promise<void>): Promise<void> {
  const opened = isHere(wish) ? await openReading() : await openThere(wish.stack);
  try {
    await work(opened);
  } finally {
    await opened.close();
  }
}

async function openReading(): Promise<Opened> {
  for (;;) {
    const other = await runningAt(STATE);
    if (other && !other.reading) return attach(other.url, DEFAULT_STACK);
    const served = other ? undefined : await serveReading();
    if (served) return served;
    await sleep(WAIT_MS);
  }
}

/** @returns undefined where another command was faster */
async function serveReading(): Promise<Opened | undefined> {
  try {
    const served = await serveAtRest({ assembly: ASSEMBLY, state: STATE });
    if (!served)
      throw new UsageError(`Nothing has run here yet (${STATE}). \`sluice run <pipeline>\` runs a pipeline.`);
    const deployment = await readDeployment(embeddedAwsAt(served.url), DEFAULT_STACK);
    return { deployment, kind: 'embedded', environment: {}, close: () => served.close() };
  } catch (error) {
    if (error instanceof UsageError || !(await runningAt(STATE))) throw error;
    return undefined;
  }
}

async function openThere(stack = DEFAULT_STACK): Promise<Opened> {
  const url = environment.AWS_ENDPOINT_URL;
  if (url !== undefined && (await isEmbeddedAws(url))) return attach(url, stack);
  const deployment = await readDeployment(url === undefined ? aws() : awsAt(url), stack);
  return { deployment, kind: 'aws', environment: {}, close: async () => {} };
}

/**
 * A deployment, for a command about what runs there at this moment: it joins the embedded AWS of another command, and
 * starts none.
 * @throws UsageError where no embedded AWS runs
 */
export async function openRunning({ stack }: Pick<Wish, 'stack'>): Promise<Deployment> {
  if (!isHere({ stack })) return (await openThere(stack)).deployment;
  const other = await runningAt(STATE);
  if (other && !other.reading) return (await attach(other.url, DEFAULT_STACK)).deployment;
  throw new UsageError(
    `No sluice is at work on ${STATE}, so nothing runs there. For a deployment give --stack <name>; for an embedded AWS elsewhere set AWS_ENDPOINT_URL.`,
  );
}

async function attach(url: string, stack: string): Promise<Opened> {
  const deployment = await readDeployment(embeddedAwsAt(url), stack);
  return { deployment, kind: 'attached', environment: {}, close: async () => {} };
}

/** Joins a `sluice local`; waits for any other command, whose embedded AWS ends with it; then starts one. */
async function openEmbedded({ fresh }: Pick<Wish, 'fresh'>): Promise<Opened> {
  for (let waits = false; ; waits = true) {
    const opened = await joinOrStart(fresh);
    if (opened) return opened;
    if (!waits) console.error(`Another sluice is at work on ${STATE}. Waiting for it to end.`);
    await sleep(WAIT_MS);
  }
}

/** @returns undefined while another command is at work */
async function joinOrStart(fresh: boolean): Promise<Opened | undefined> {
  const other = await runningAt(STATE);
  if (!other) return startEmbedded({ fresh }).catch(unlessOvertaken);
  if (!other.lasting) return undefined;
  // The app there is the one that was synthesized when it started.
  if (fresh) console.error(`Joining the embedded AWS at ${other.url}, with the app as it was when that started.`);
  return attach(other.url, DEFAULT_STACK);
}

/** Of two commands that start in the same instant, one finds that the other was faster. */
async function unlessOvertaken(error: unknown): Promise<undefined> {
  if (!(await runningAt(STATE))) throw error;
}

const WAIT_MS = 250;

/**
 * Serves AWS in this process.
 * @param port for others to use it too, until it is interrupted
 * @throws UsageError for a busy port, or a state directory in use
 */
export async function startEmbedded({
  fresh,
  port,
}: Pick<Wish, 'fresh'> & { port?: number }): Promise<Opened & { readonly embedded: EmbeddedAws }> {
  const assembly = async () => {
    if (fresh || !existsSync(resolve(ASSEMBLY, 'manifest.json'))) await synthesize();
    return ASSEMBLY;
  };
  const lasting = port !== undefined && { port, lasting: true };
  const { EmbeddedAwsError, startEmbeddedAws } = await import('#local/index.ts');
  const embedded = await startEmbeddedAws({ assembly, state: STATE, ...lasting }).catch((error: unknown) => {
    throw error instanceof EmbeddedAwsError ? new UsageError(error.message) : error;
  });
  const close = async () => {
    await embedded.drain();
    await embedded.close();
  };
  const deployment = await readDeployment(embeddedAwsAt(embedded.url), DEFAULT_STACK);
  await removeLeftovers(deployment);
  return { deployment, kind: 'embedded', environment: embedded.environment, embedded, close };
}
