/** What CloudFormation allows, proved before anything is deployed. */
import { statSync } from 'node:fs';
import { CfnResource, type Stack } from 'aws-cdk-lib/core';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { AppError } from '#lib/constructs/errors.ts';

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

/** CloudFormation's "1 MB", taken for the smaller one. */
const MAX_TEMPLATE_BYTES = 1_000_000;

/** @throws AppError for a template that is too large, most of which is its state machine's definition */
export function limitTemplates({ stacks }: CloudAssembly): void {
  for (const { stackName, templateFullPath } of stacks) {
    const { size } = statSync(templateFullPath);
    if (size <= MAX_TEMPLATE_BYTES) continue;
    throw new AppError(
      `The template of ${stackName} has ${size} bytes, and CloudFormation takes ${MAX_TEMPLATE_BYTES}. Split the pipeline into two DAGs.`,
    );
  }
}
