/** The resource types that do something, each with how its resource is made to exist. The others are only named. */
import { statSync } from 'node:fs';
import * as z from 'zod';
import {
  adminSecretName,
  type Created,
  type Declared,
  describe,
  isCustomResource,
  type Stack,
} from '../assembly/index.ts';
import { type Events, ruleOf, scheduleOf } from '../events/index.ts';
import type { AsyncInvocations, Lambda } from '../lambda/index.ts';
import type { Logs } from '../logs/index.ts';
import { EmbeddedAwsError } from '../machine/errors.ts';
import type { RedshiftServerless } from '../redshift-serverless/redshift-serverless.ts';
import { type GenerateSecretString, generateSecretString, type SecretsManager } from '../secrets-manager/index.ts';
import type { Sns } from '../sns/index.ts';
import type { StepFunctions } from '../stepfunctions/index.ts';
import type { CustomResources } from './custom-resource.ts';
import type { Create } from './deploy.ts';

/** What resources are created in. */
export interface Services {
  readonly s3: { createBucket(name: string): void };
  readonly stepFunctions: Pick<StepFunctions, 'operations'>;
  readonly lambda: Lambda;
  readonly asyncInvocations: AsyncInvocations;
  readonly logs: Pick<Logs, 'createGroup'>;
  readonly events: Events;
  readonly sns: Sns;
  readonly secrets: SecretsManager;
  readonly redshift: RedshiftServerless;
  readonly customResources: CustomResources;
}

type Described = Declared & Created & { readonly name: string };
type Creator = (resource: Described, services: Services, stack: Stack) => void | Promise<void>;

const functionProperties = z.object({
  Code: z.object({ S3Key: z.string() }),
  Handler: z.string(),
  Runtime: z.string().startsWith('nodejs', 'the embedded AWS runs Node.js functions only'),
  Timeout: z.coerce.number().default(3),
  MemorySize: z.coerce.number().default(128),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).default({ Variables: {} }),
  LoggingConfig: z.object({ LogGroup: z.string().optional() }).default({}),
  DeadLetterConfig: z.object({ TargetArn: z.string().optional() }).default({}),
});

const createFunction: Creator = ({ name, attributes, ...resource }, { lambda, asyncInvocations, logs }, stack) => {
  const properties = parse(functionProperties, resource);
  const logGroup = properties.LoggingConfig.LogGroup ?? `/aws/lambda/${name}`;
  lambda.put({
    name,
    arn: String(attributes['Arn']),
    code: codeOf(resource, stack, properties.Code.S3Key),
    handler: properties.Handler,
    timeoutSeconds: properties.Timeout,
    memoryMegabytes: properties.MemorySize,
    environment: properties.Environment.Variables,
    logGroup,
  });
  logs.createGroup(logGroup, name);
  asyncInvocations.configure(name, { deadLetter: properties.DeadLetterConfig.TargetArn });
};

function codeOf({ stack: name, logicalId }: Declared, { assets }: Stack, key: string): string {
  const path = assets.get(key);
  if (path !== undefined && statSync(path).isDirectory()) return path;
  throw new EmbeddedAwsError(`Deploying the stack ${name}: the code of the function ${logicalId}, ${key}, is \
${path === undefined ? 'not in the cloud assembly' : `the file ${path}`}; the embedded AWS needs an asset directory.`);
}

const invokeConfig = z.object({
  FunctionName: z.string(),
  MaximumRetryAttempts: z.coerce.number().optional(),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }).optional() }).default({}),
});

const machineProperties = z.object({
  DefinitionString: z.string(),
  DefinitionSubstitutions: z.record(z.string(), z.coerce.string()).default({}),
  RoleArn: z.string(),
  StateMachineType: z.string().default('STANDARD'),
});

const putStateMachine: Creator = (resource, { stepFunctions }) => {
  const { DefinitionString, DefinitionSubstitutions, RoleArn, StateMachineType } = parse(machineProperties, resource);
  const definition = Object.entries(DefinitionSubstitutions).reduce(
    (text, [name, value]) => text.replaceAll(`\${${name}}`, value),
    DefinitionString,
  );
  const { stack, logicalId, name, id: stateMachineArn } = resource;
  const { operations } = stepFunctions;
  try {
    const known = operations.ListStateMachines({ maxResults: 1000 }).stateMachines;
    if (known.some((machine) => machine.stateMachineArn === stateMachineArn))
      operations.UpdateStateMachine({ stateMachineArn, definition, roleArn: RoleArn });
    else operations.CreateStateMachine({ name, definition, roleArn: RoleArn, type: StateMachineType });
  } catch (cause) {
    const problem = (cause as Error).message;
    throw new EmbeddedAwsError(`Deploying the stack ${stack}: the state machine ${logicalId} is refused: ${problem}`, {
      cause,
    });
  }
};

const namespaceProperties = z.object({
  AdminUsername: z.string().default('admin'),
  DbName: z.string().default('dev'),
  ManageAdminPassword: z.boolean().default(false),
});

const createNamespace: Creator = async (resource, { secrets, redshift }) => {
  const { AdminUsername, DbName, ManageAdminPassword } = parse(namespaceProperties, resource);
  if (ManageAdminPassword) {
    const SecretStringTemplate = JSON.stringify({ username: AdminUsername });
    const value = () => generateSecretString({ SecretStringTemplate, GenerateStringKey: 'password' });
    secrets.ensure(adminSecretName(resource.name, resource.properties), { value });
  }
  await redshift.createNamespace(resource.name, { database: DbName, adminUser: AdminUsername });
};

const secretProperties = z.object({
  Description: z.string().optional(),
  SecretString: z.string().optional(),
  GenerateSecretString: z.custom<GenerateSecretString>().optional(),
});

const subscription = z.object({ TopicArn: z.string(), Protocol: z.string(), Endpoint: z.string() });

const CREATORS: Record<string, Creator> = {
  'AWS::Events::Rule': ({ name, attributes, properties }, { events }) =>
    events.put(ruleOf({ name, arn: String(attributes['Arn']) }, properties)),
  'AWS::Lambda::EventInvokeConfig': (resource, { asyncInvocations }) => {
    const { FunctionName, MaximumRetryAttempts, DestinationConfig } = parse(invokeConfig, resource);
    const onFailure = DestinationConfig.OnFailure?.Destination;
    asyncInvocations.configure(FunctionName, { maximumRetryAttempts: MaximumRetryAttempts, onFailure });
  },
  'AWS::Lambda::Function': createFunction,
  'AWS::RedshiftServerless::Namespace': createNamespace,
  'AWS::RedshiftServerless::Workgroup': ({ name }, { redshift }) => redshift.createWorkgroup(name),
  'AWS::S3::Bucket': ({ name }, { s3 }) => s3.createBucket(name),
  'AWS::SNS::Subscription': (resource, { sns }) => {
    sns.operations.Subscribe(parse(subscription, resource));
  },
  'AWS::SNS::Topic': ({ name }, { sns }) => {
    sns.createTopic(name);
  },
  'AWS::Scheduler::Schedule': ({ name, attributes, properties }, { events }) =>
    events.put(scheduleOf({ name, arn: String(attributes['Arn']) }, properties)),
  'AWS::SecretsManager::Secret': (resource, { secrets }) => {
    const { SecretString, GenerateSecretString, Description } = parse(secretProperties, resource);
    const value = () => SecretString ?? generateSecretString(GenerateSecretString ?? {});
    secrets.ensure(resource.name, { value, description: Description });
  },
  'AWS::StepFunctions::StateMachine': putStateMachine,
};

/** @returns how `deploy` makes a resource exist */
export const creatorIn =
  (services: Services): Create =>
  async (resource, stack) => {
    if (isCustomResource(resource.type)) return await services.customResources.deploy(resource);
    const described = describe(resource);
    await CREATORS[resource.type]?.({ ...resource, ...described }, services, stack);
    return described;
  };

function parse<T>(schema: z.ZodType<T>, { stack, logicalId, type, properties }: Declared): T {
  const parsed = schema.safeParse(properties);
  if (parsed.success) return parsed.data;
  throw new EmbeddedAwsError(`Deploying the stack ${stack}: ${type} ${logicalId} has properties that the embedded AWS \
cannot use:\n${z.prettifyError(parsed.error)}`);
}
