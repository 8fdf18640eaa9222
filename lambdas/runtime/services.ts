import { S3Client } from '@aws-sdk/client-s3';
import { type Store, s3Store } from '#lib/runs/store.ts';
import { readEnvironment, type TaskEnvironment, taskEnvironment } from './environment.ts';

/** What a task works with, made once in an execution environment. */
export interface Services {
  readonly environment: TaskEnvironment;
  readonly s3: S3Client;
  /** Over the data-lake bucket. */
  readonly store: Store;
}

/** The services that an environment describes. Without one: that of the process. */
export function openServices(environment = readEnvironment(taskEnvironment)): Services {
  // A task's bucket may lie in another region than the lake.
  const s3 = new S3Client({ followRegionRedirects: true });
  return {
    environment,
    s3,
    store: s3Store({ client: s3, bucket: environment.SLUICE_BUCKET }),
  };
}
