/** Which handler answers for which service, by the service's name in a signature. */
import type { DeployedStack } from './cloudformation/deploy.ts';
import { cloudFormationOperations } from './cloudformation/operations.ts';
import { type Endpoint, jsonHandler, queryHandler, restHandler } from './endpoint/index.ts';
import { lambdaHandler } from './lambda/index.ts';
import type { OpenServices } from './services.ts';
import { stsOperations } from './sts/operations.ts';

/** @param deployed read at each call */
export function serve(
  { handlers, raw }: Endpoint,
  services: OpenServices,
  deployed: () => readonly DeployedStack[],
): void {
  const { s3, stepFunctions, secrets, sns, lambda, asyncInvocations, redshift, logs } = services;
  raw.set('s3', s3.handle);
  handlers.set('states', jsonHandler('states', stepFunctions.operations));
  handlers.set('redshift-data', redshift.dataApi);
  handlers.set('redshift-serverless', jsonHandler('redshift-serverless', redshift.operations));
  handlers.set('secretsmanager', jsonHandler('secretsmanager', secrets.operations));
  handlers.set('sns', queryHandler('sns', sns.operations));
  handlers.set('cloudformation', queryHandler('cloudformation', cloudFormationOperations(deployed)));
  handlers.set('logs', jsonHandler('logs', logs.operations));
  handlers.set('sts', queryHandler('sts', stsOperations));
  handlers.set('lambda', restHandler(lambdaHandler(lambda, asyncInvocations)));
}
