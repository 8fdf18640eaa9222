/** The embedded AWS: what `cdk synth` wrote, running on this machine, for any AWS client. */

import { readCloudAssembly } from './assembly/index.ts';
import { creatorIn } from './cloudformation/creators.ts';
import { type DeployedStack, deploy } from './cloudformation/deploy.ts';
import { openEndpoint } from './endpoint/index.ts';
import type { Rule } from './events/index.ts';
import { clientEnvironment } from './machine/account.ts';
import { EmbeddedAwsError } from './machine/errors.ts';
import { IDENTITY_PATH, lockState, refuseIfRunning } from './machine/lock.ts';
import { serve } from './routes.ts';
import { openServices } from './services.ts';

export { invokeOnce } from './lambda/index.ts';
export { EmbeddedAwsError } from './machine/errors.ts';
export { startPostgres } from './postgres/index.ts';

export interface EmbeddedAwsOptions {
  /** A cloud assembly, as `cdk synth` writes it: `cdk.out`. A function makes it once the state directory is taken. */
  readonly assembly: string | (() => Promise<string>);
  /** The directory of everything that outlives the process: `.sluice`. Created when missing. */
  readonly state: string;
  /** Any that is free when absent. */
  readonly port?: number;
  /** Whether other processes may count on it until somebody ends it: `runningAt` tells them. Default false. */
  readonly lasting?: boolean;
}

export interface EmbeddedAws {
  /** Of the one endpoint of all services: `http://127.0.0.1:4566`. */
  readonly url: string;
  /** What the AWS CLI and SDKs need in their environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Rules and schedules of the app. */
  rules(): readonly Rule[];
  /** The outputs of a stack. @throws EmbeddedAwsError when there is no such stack */
  outputs(stack: string): Readonly<Record<string, string>>;
  /** Resolves when nothing that an event set off, retries included, is under way. Executions are not waited for. */
  drain(): Promise<void>;
  /** Lets a tick of a schedule happen. @throws EmbeddedAwsError when there is no such schedule */
  fire(schedule: string, time: Date): Promise<void>;
  /**
   * Deploys the app as its cloud assembly is now: creates what is new, changes what has changed, and deletes rules and
   * schedules that it no longer has. Executions that run go on with the definition that they began with, and with the
   * functions as they are now.
   *
   * @throws EmbeddedAwsError for an app that uses what is not supported; what was deployed until then stays
   */
  redeploy(): Promise<void>;
  /** Aborts running executions and waits for what their ends set off, ends every process, frees the state directory. */
  close(): Promise<void>;
}

/**
 * Starts the embedded AWS and deploys the app to it: creates what does not exist, and invokes the custom resources that
 * are new or changed.
 *
 * @throws EmbeddedAwsError for a busy port, a state directory in use, or an app that uses what is not supported
 * @example
 * const aws = await startEmbeddedAws({ assembly: 'cdk.out', state: '.sluice' });
 * const sfn = new SFNClient({ endpoint: aws.url, … });
 * await aws.close();
 */
export async function startEmbeddedAws({
  assembly,
  state,
  port = 0,
  lasting = false,
}: EmbeddedAwsOptions): Promise<EmbeddedAws> {
  // Before the port: with a port of one's own choice, that would be the first to be found taken.
  await refuseIfRunning(state);
  await using opened = new AsyncDisposableStack();
  const endpoint = opened.adopt(await openEndpoint(port), (open) => open.close());
  const { url, unsigned } = endpoint;
  unsigned.set(IDENTITY_PATH, () => ({ status: 200, headers: {}, body: JSON.stringify({ pid: process.pid }) }));
  opened.defer(await lockState(state, { url, lasting }));
  const directory = typeof assembly === 'string' ? assembly : await assembly();
  const services = opened.adopt(openServices(state, endpoint), (open) => open.close());
  let deployed: readonly DeployedStack[] = [];
  serve(endpoint, services, () => deployed);
  const deployApp = async () => {
    deployed = await deploy(readCloudAssembly(directory), creatorIn(services));
    services.events.retain(new Set(deployed.flatMap(({ resources }) => resources.map(({ id }) => id))));
  };
  await deployApp();
  services.publishLost();
  await services.drain();
  const running = opened.move();
  return {
    url,
    environment: clientEnvironment(url),
    rules: () => services.events.rules,
    outputs: (stack) => outputsOf(deployed, stack),
    drain: services.drain,
    fire: async (schedule, time) => {
      services.events.fire(schedule, time);
      await services.events.drain();
    },
    redeploy: deployApp,
    close: () => running.disposeAsync(),
  };
}

function outputsOf(deployed: readonly DeployedStack[], stack: string): Record<string, string> {
  const found = deployed.find(({ name }) => name === stack);
  if (found) return Object.fromEntries(found.outputs.map(({ key, value }) => [key, value]));
  throw new EmbeddedAwsError(`There is no stack ${stack}. There is ${deployed.map(({ name }) => name).join(', ')}.`);
}
