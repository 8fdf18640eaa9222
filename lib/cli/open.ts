/** Where a command acts: the embedded AWS, an endpoint that is there already, or an account. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { EmbeddedAwsError, runningAt, startEmbeddedAws } from '#local/index.ts';
import { awsAt } from './aws.ts';
import { DEFAULT_STACK, type Deployment, readDeployment } from './deployment.ts';
import { environment } from './environment.ts';
import { UsageError } from './errors.ts';
import { ASSEMBLY, STATE } from './place.ts';
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
  readonly port?: number;
}

/** Whether a command acts on the embedded AWS of this machine. */
export const isHere = ({ stack }: Pick<Wish, 'stack'>): boolean => stack === undefined && !environment.AWS_ENDPOINT_URL;

export async function open({ stack, fresh, port }: Wish): Promise<Opened> {
  return isHere({ stack })
    ? openEmbedded({ fresh, ...(port !== undefined && { port }) })
    : openAws(stack ?? DEFAULT_STACK);
}

async function openAws(stack: string): Promise<Opened> {
  const deployment = await readDeployment(awsAt(environment.AWS_ENDPOINT_URL), stack);
  return { deployment, kind: 'aws', environment: {}, close: async () => {} };
}

async function openEmbedded({ fresh, port = 0 }: Omit<Wish, 'stack'>): Promise<Opened> {
  const running = await runningAt(STATE);
  if (running && port === 0) {
    const deployment = await readDeployment(awsAt(running.url), DEFAULT_STACK);
    return { deployment, kind: 'attached', environment: {}, close: async () => {} };
  }
  if (fresh || !existsSync(resolve(ASSEMBLY, 'manifest.json'))) await synthesize();
  const embedded = await startEmbeddedAws({ assembly: ASSEMBLY, state: STATE, port }).catch(refused);
  const close = async () => {
    await embedded.drain();
    await embedded.close();
  };
  const deployment = await readDeployment(awsAt(embedded.url), DEFAULT_STACK);
  return { deployment, kind: 'embedded', environment: embedded.environment, close };
}

/** A busy port, a state directory in use. */
function refused(error: unknown): never {
  if (error instanceof EmbeddedAwsError) throw new UsageError(error.message);
  throw error;
}
