/** Step Functions' integrations with the AWS SDK: `arn:aws:states:::aws-sdk:<service>:<action>`. */
import { type Operations, operationOf } from '../endpoint/index.ts';
import { camelCase, pascalCase } from './casing.ts';
import { type Integration, orTaskFailed, TaskFailed } from './task.ts';

/** A service as aws-sdk integrations reach it. */
export interface SdkService {
  /** Before the names of its errors, such as `SecretsManager`. */
  readonly prefix: string;
  readonly operations: () => Operations;
  /** Whether the names of its API's fields are in camelCase. */
  readonly camelCase?: true;
}

/** @param services by their names in a Resource */
export const sdkCall =
  (services: Readonly<Record<string, SdkService>>): Integration =>
  async ({ resource, arguments: parameters }) => {
    const [name = '', action = ''] = resource.split(':').slice(6);
    const service = Object.hasOwn(services, name) ? services[name] : undefined;
    if (!service) {
      const known = Object.keys(services).join(', ');
      throw new TaskFailed('States.Runtime', `The embedded AWS has no aws-sdk:${name}; it has aws-sdk for ${known}.`);
    }
    const { prefix, operations } = service;
    const answer = await orTaskFailed({ prefix, service: prefix }, () => {
      const operation = operationOf(
        operations(),
        name,
        action.replace(/^./, (letter) => letter.toUpperCase()),
      );
      return operation(service.camelCase ? camelCase(parameters) : parameters);
    });
    return service.camelCase ? pascalCase(answer) : answer;
  };
