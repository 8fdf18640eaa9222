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
}

/** @param url an endpoint that stands in for AWS; without it the SDK's own configuration decides */
export function awsAt(url: string | undefined): Aws {
  const config = url
    ? { endpoint: url, region: 'us-east-1', credentials: { accessKeyId: 'embedded', secretAccessKey: 'embedded' } }
    : {};
  return {
    cloudFormation: new CloudFormationClient(config),
    redshiftData: new RedshiftDataClient(config),
    s3: new S3Client({ ...config, ...(url && { forcePathStyle: true }) }),
    secrets: new SecretsManagerClient(config),
    stepFunctions: new SFNClient(config),
  };
}
