/** What the embedded AWS left behind, served to be read: no function, no warehouse, nothing that could be begun. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type Created, type Declared, describe, isCustomResource, readCloudAssembly } from './assembly/index.ts';
import { deploy } from './cloudformation/deploy.ts';
import { cloudFormationOperations } from './cloudformation/operations.ts';
import { type Endpoint, jsonHandler, openEndpoint, queryHandler } from './endpoint/index.ts';
import { Logs } from './logs/index.ts';
import { IDENTITY_PATH, lockState } from './machine/lock.ts';
import { createS3 } from './s3/index.ts';

export { isEmbeddedAws, runningAt } from './machine/lock.ts';

interface AtRest {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the buckets, the outputs of stacks, the histories and the logs that a state directory holds.
 *
 * @returns undefined where nothing was ever started there
 * @throws EmbeddedAwsError while an embedded AWS runs on the directory
 */
export async function serveAtRest({
  assembly,
  state,
}: {
  assembly: string;
  state: string;
}): Promise<AtRest | undefined> {
  if (!existsSync(join(assembly, 'manifest.json')) || !existsSync(join(state, 's3'))) return undefined;
  await using opened = new AsyncDisposableStack();
  const endpoint = opened.adopt(await openEndpoint(0), (open) => open.close());
  endpoint.unsigned.set(IDENTITY_PATH, () => ({
    status: 200,
    headers: {},
    body: JSON.stringify({ pid: process.pid }),
  }));
  opened.defer(await lockState(state, { url: endpoint.url, lasting: false, reading: true }));
  const s3 = opened.adopt(createS3({ dir: join(state, 's3') }), (open) => open.close());
  endpoint.raw.set('s3', s3.handle);
  await serveStacks(endpoint, { assembly, logs: new Logs(join(state, 'logs')) });
  serveExecutions(endpoint, join(state, 'executions'));
  const running = opened.move();
  return { url: endpoint.url, close: () => running.disposeAsync() };
}

const logging = z.object({ LoggingConfig: z.object({ LogGroup: z.string() }) });

async function serveStacks(
  { handlers }: Endpoint,
  { assembly, logs }: { assembly: string; logs: Logs },
): Promise<void> {
  const create = async (resource: Declared): Promise<Created> => {
    if (isCustomResource(resource.type)) return { id: resource.logicalId, attributes: {} };
    const described = describe(resource);
    if (resource.type === 'AWS::Lambda::Function') {
      const group = logging.safeParse(resource.properties).data?.LoggingConfig.LogGroup;
      logs.createGroup(group ?? `/aws/lambda/${described.name}`, described.name);
    }
    return described;
  };
  const stacks = await deploy(readCloudAssembly(assembly), create);
  handlers.set(
    'cloudformation',
    queryHandler(
      'cloudformation',
      cloudFormationOperations(() => stacks),
    ),
  );
  handlers.set('logs', jsonHandler('logs', logs.operations));
}

/** The engine of Step Functions is loaded by the first who asks: records tell of most runs. */
function serveExecutions({ handlers }: Endpoint, directory: string): void {
  const load = async () => {
    const { executionsAtRest } = await import('./state-machines/at-rest.ts');
    return jsonHandler('states', executionsAtRest(directory));
  };
  let loaded: ReturnType<typeof load> | undefined;
  handlers.set('states', async (asked) => {
    loaded ??= load();
    return (await loaded)(asked);
  });
}
