/** The services of one embedded AWS, wired to each other. */
import { join } from 'node:path';
import type { Services } from './cloudformation/creators.ts';
import { CustomResources } from './cloudformation/custom-resource.ts';
import { deliverer } from './delivery.ts';
import type { Endpoint } from './endpoint/index.ts';
import { Events } from './events/index.ts';
import { AsyncInvocations, type Deliver, Lambda } from './lambda/index.ts';
import { Logs } from './logs/index.ts';
import { EmbeddedAwsError } from './machine/errors.ts';
import { HOST } from './machine/host.ts';
import { RedshiftServerless } from './redshift-serverless/redshift-serverless.ts';
import { createS3, DamagedBucketError, type S3 } from './s3/index.ts';
import { SecretsManager } from './secrets-manager/index.ts';
import { Sns } from './sns/index.ts';
import { s3Objects } from './state-machines/objects.ts';
import { openStateMachines } from './state-machines/state-machines.ts';
import type { StepFunctions } from './stepfunctions/index.ts';

export interface OpenServices extends Services {
  readonly s3: S3;
  readonly stepFunctions: StepFunctions;
  readonly logs: Logs;
  /** Publishes the ends of executions that an earlier process left running, once there are rules for them. */
  publishLost(): void;
  /** Resolves when nothing that an event or a failure set off is under way. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

const SECRETS = 'secrets.json';
const WAREHOUSE = 'warehouse.duckdb';

function openS3(dir: string): S3 {
  try {
    return createS3({ dir });
  } catch (error) {
    if (error instanceof DamagedBucketError) throw new EmbeddedAwsError(error.message, { cause: error });
    throw error;
  }
}

/** @param state the state directory; it exists */
export function openServices(state: string, endpoint: Endpoint): OpenServices {
  const at = (name: string) => join(state, name);
  const lambda = new Lambda({ endpoint: endpoint.url, path: HOST.PATH, logs: at('logs'), cache: at('cache') });
  const sns = new Sns(at('mailbox'));
  const receive: Deliver = (target, payload) =>
    deliverer({ asyncInvocations, sns, stepFunctions, queues: at('queues') })(target, payload);
  const asyncInvocations = new AsyncInvocations(lambda, receive);
  const events = new Events(receive);
  // Before the services create what is not there.
  const customResources = new CustomResources(lambda, endpoint, {
    directory: state,
    services: [SECRETS, WAREHOUSE],
  });
  const s3 = openS3(at('s3'));
  const secrets = new SecretsManager(at(SECRETS));
  const redshift = new RedshiftServerless({
    file: at(WAREHOUSE),
    objectPath: s3.pathOf,
    objectKeys: s3.keysOf,
    secret: (id) => secrets.valueOf(id),
  });
  const { stepFunctions, publishLost, abortRunning, close } = openStateMachines(at('executions'), {
    lambda,
    sns,
    events,
    objects: s3Objects(endpoint.url),
    sdk: {
      sfn: { prefix: 'Sfn', operations: () => stepFunctions.operations, camelCase: true },
      sns: { prefix: 'Sns', operations: () => sns.operations },
      secretsmanager: { prefix: 'SecretsManager', operations: () => secrets.operations },
      redshiftdata: { prefix: 'RedshiftData', operations: () => redshift.dataOperations },
    },
  });
  const drain = () => events.drain().then(() => asyncInvocations.drain());
  return {
    lambda,
    asyncInvocations,
    logs: new Logs(at('logs')),
    events,
    sns,
    stepFunctions,
    s3,
    secrets,
    redshift,
    customResources,
    publishLost,
    drain,
    close: async () => {
      abortRunning();
      await drain();
      close();
      await lambda.close();
      await asyncInvocations.close();
      await redshift.close();
      s3.close();
    },
  };
}
