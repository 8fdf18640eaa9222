/** CloudFormation's view of what is deployed; nothing can be changed through it. */
import { stackId } from '../assembly/index.ts';
import { AwsError } from '../machine/errors.ts';
import type { DeployedResource, DeployedStack } from './deploy.ts';

const PAGE = 20;
const STATUS = 'CREATE_COMPLETE';

interface Asked {
  readonly StackName?: string;
  readonly NextToken?: string;
}

/** @param deployed read at each call */
export function cloudFormationOperations(deployed: () => readonly DeployedStack[]) {
  const find = (nameOrId: string | undefined): DeployedStack => {
    const found = deployed().find(({ name }) => name === nameOrId || stackId(name) === nameOrId);
    if (found) return found;
    throw new AwsError('ValidationError', `Stack with id ${nameOrId} does not exist`);
  };
  return {
    DescribeStacks: ({ StackName, NextToken }: Asked) => {
      if (StackName !== undefined) return { Stacks: [described(find(StackName))] };
      const { items, next } = page(deployed(), NextToken);
      return { Stacks: items.map(described), ...next };
    },
    ListStacks: ({ NextToken }: Asked) => {
      const { items, next } = page(deployed(), NextToken);
      return { StackSummaries: items.map(summary), ...next };
    },
    DescribeStackResources: ({ StackName }: Asked) => {
      const stack = find(StackName);
      return { StackResources: stack.resources.map((resource) => resourceOf(stack, resource)) };
    },
    ListStackResources: ({ StackName }: Asked) => {
      const stack = find(StackName);
      return { StackResourceSummaries: stack.resources.map((resource) => resourceSummary(stack, resource)) };
    },
  };
}

function page<T>(all: readonly T[], token = '0'): { items: T[]; next: { NextToken?: string } } {
  const end = Number(token) + PAGE;
  return { items: all.slice(Number(token), end), next: end < all.length ? { NextToken: String(end) } : {} };
}

const summary = ({ name, description, deployedAt }: DeployedStack) => ({
  StackId: stackId(name),
  StackName: name,
  TemplateDescription: description,
  CreationTime: deployedAt,
  StackStatus: STATUS,
});

const described = (stack: DeployedStack) => ({
  StackId: stackId(stack.name),
  StackName: stack.name,
  Description: stack.description,
  CreationTime: stack.deployedAt,
  StackStatus: STATUS,
  Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({
    OutputKey: key,
    OutputValue: value,
    Description: description,
    ExportName: exportName,
  })),
});

const resourceSummary = ({ deployedAt }: DeployedStack, { logicalId, id, type }: DeployedResource) => ({
  LogicalResourceId: logicalId,
  PhysicalResourceId: id,
  ResourceType: type,
  ResourceStatus: STATUS,
  LastUpdatedTimestamp: deployedAt,
});

const resourceOf = (stack: DeployedStack, { logicalId, id, type }: DeployedResource) => ({
  StackId: stackId(stack.name),
  StackName: stack.name,
  LogicalResourceId: logicalId,
  PhysicalResourceId: id,
  ResourceType: type,
  ResourceStatus: STATUS,
  Timestamp: stack.deployedAt,
});
