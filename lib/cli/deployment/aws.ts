/** The clients that commands talk to AWS with. The embedded AWS answers the same calls, so no command knows it. */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';

export interface Aws {
  readonly cloudFormation: CloudFormationClient;
  readonly redshiftData: RedshiftDataClient;
  readonly s3: S3Client;
  readonly secrets: SecretsManagerClient;
  readonly stepFunctions: SFNClient;
  /** Of the clients, for those that few commands need. */
  readonly config: ClientConfig;
}

interface ClientConfig {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** AWS, as the environment of the SDK says. */
export const aws = (): Aws => clients({});

/** What stands in for AWS at an endpoint, with the credentials and the region of the environment. */
export const awsAt = (url: string): Aws => clients({ endpoint: url });

export const embeddedAwsAt = (url: string): Aws =>
  clients({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'embedded', secretAccessKey: 'embedded' },
  });

function clients(config: ClientConfig): Aws {
  return {
    cloudFormation: new CloudFormationClient(config),
    redshiftData: new RedshiftDataClient(config),
    s3: new S3Client({ ...config, ...(config.endpoint && { forcePathStyle: true }) }),
    secrets: new SecretsManagerClient(config),
    stepFunctions: new SFNClient(config),
    config,
  };
}
