import { CfnResource, type Stack } from 'aws-cdk-lib/core';

/** CloudFormation's limit is 500: the rest is for what an update holds besides. */
export const MAX_RESOURCES = 450;

/** Makes synth fail where a stack has too many resources. */
export function limitResources(stack: Stack): void {
  stack.node.addValidation({
    validate: () => {
      const count = stack.node.findAll().filter((node) => CfnResource.isCfnResource(node)).length;
      if (count <= MAX_RESOURCES) return [];
      return [`It has ${count} resources, and a stack may have ${MAX_RESOURCES}. Split the pipeline into two DAGs.`];
    },
  });
}
