/** Deploys the stacks of a cloud assembly: resolves each resource's properties, creates it, keeps what it gives. */
import {
  BOOTSTRAP_PARAMETERS,
  type Created,
  type Declared,
  inCreationOrder,
  resolve,
  type Scope,
  type Stack,
  stackScope,
} from '../assembly/index.ts';

export interface DeployedResource extends Created {
  readonly logicalId: string;
  readonly type: string;
}

interface Output {
  readonly key: string;
  readonly value: string;
  readonly description?: string | undefined;
  readonly exportName?: string | undefined;
}

export interface DeployedStack {
  readonly name: string;
  readonly description?: string | undefined;
  readonly resources: readonly DeployedResource[];
  readonly outputs: readonly Output[];
  readonly deployedAt: Date;
}

/** Makes the resource exist, if it does not yet. */
export type Create = (resource: Declared, stack: Stack) => Promise<Created>;

/**
 * @param stacks in the order in which they deploy
 * @throws EmbeddedAwsError that names stack and resource
 */
export async function deploy(stacks: readonly Stack[], create: Create): Promise<DeployedStack[]> {
  const exports = new Map<string, unknown>();
  const parameters = new Map<string, string>(BOOTSTRAP_PARAMETERS);
  const deployed: DeployedStack[] = [];
  for (const stack of stacks) {
    const created = new Map<string, Created>();
    const scope = stackScope(stack, created, { exports, parameters });
    const resources = await createResources(stack, scope, async (resource) => {
      const result = await create(resource, stack);
      created.set(resource.logicalId, result);
      if (resource.type === 'AWS::SSM::Parameter') parameters.set(result.id, String(resource.properties['Value']));
      return result;
    });
    const outputs = outputsOf(stack, scope);
    for (const { exportName, value } of outputs) if (exportName !== undefined) exports.set(exportName, value);
    const { Description: description } = stack.template;
    deployed.push({ name: stack.name, description, resources, outputs, deployedAt: new Date() });
  }
  return deployed;
}

async function createResources(
  { name, template: { Resources } }: Stack,
  scope: Scope,
  create: (resource: Declared) => Promise<Created>,
): Promise<DeployedResource[]> {
  const deployed: DeployedResource[] = [];
  for (const logicalId of inCreationOrder(Resources, scope.fail)) {
    const { Type: type = '', Condition, Properties = {} } = Resources[logicalId] ?? {};
    if (Condition !== undefined && !scope.condition(Condition)) continue;
    const properties = resolve(Properties, scope) as Declared['properties'];
    const { id, attributes } = await create({ stack: name, logicalId, type, properties });
    deployed.push({ logicalId, type, id, attributes });
  }
  return deployed;
}

const outputsOf = ({ template }: Stack, scope: Scope): Output[] =>
  Object.entries(template.Outputs)
    .filter(([, { Condition }]) => Condition === undefined || scope.condition(Condition))
    .map(([key, { Value, Description, Export }]) => ({
      key,
      value: String(resolve(Value, scope)),
      description: Description,
      exportName: Export && String(resolve(Export.Name, scope)),
    }));
