/** Where a command acts: the embedded AWS, an endpoint that is there already, or an account. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedAws, EmbeddedAwsError, isEmbeddedAws, runningAt, startEmbeddedAws } from '#local/index.ts';
import { UsageError } from '../errors.ts';
import { type Aws, aws, awsAt, embeddedAwsAt } from './aws.ts';
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

async function openThere(stack = DEFAULT_STACK): Promise<Opened> {
  const url = environment.AWS_ENDPOINT_URL;
  if (url !== undefined && (await isEmbeddedAws(url))) return attach(url, stack);
  const deployment = await readDeployment(url === undefined ? aws() : awsAt(url), stack);
  return { deployment, kind: 'aws', environment: {}, close: async () => {} };
}

/**
 * AWS, for a command about what runs there at this moment: it joins the embedded AWS of another command, and starts none.
 * @throws UsageError where no embedded AWS runs
 */
export async function joinRunning({ stack }: Pick<Wish, 'stack'>): Promise<Aws> {
  if (!isHere({ stack })) return (await openThere(stack)).deployment.aws;
  const other = await runningAt(STATE);
  if (other) return embeddedAwsAt(other.url);
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
  const embedded = await startEmbeddedAws({ assembly, state: STATE, ...lasting }).catch(refused);
  const close = async () => {
    await embedded.drain();
    await embedded.close();
  };
  const deployment = await readDeployment(embeddedAwsAt(embedded.url), DEFAULT_STACK);
  await removeLeftovers(deployment);
  return { deployment, kind: 'embedded', environment: embedded.environment, embedded, close };
}

function refused(error: unknown): never {
  if (error instanceof EmbeddedAwsError) throw new UsageError(error.message);
  throw error;
}
