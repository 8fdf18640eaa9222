export { readCloudAssembly, type Stack } from './cloud-assembly.ts';
export { resolve, type Scope, stackId } from './intrinsics.ts';
export { inCreationOrder } from './order.ts';
export { adminSecretName, type Declared, describe, isCustomResource } from './resource-types.ts';
export { BOOTSTRAP_PARAMETERS, type Created, stackScope } from './scope.ts';
