import type { CloudFormationClientConfig } from '@aws-sdk/client-cloudformation';
import { clientEnvironment } from '#local/machine/account.ts';

/** What each SDK client takes to work on the endpoint at this URL. */
export function clientConfiguration(url: string) {
  const environment = clientEnvironment(url);
  return {
    endpoint: url,
    region: environment['AWS_REGION'] ?? '',
    credentials: {
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
    maxAttempts: 1,
  } satisfies CloudFormationClientConfig;
}
