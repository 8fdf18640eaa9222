/** Roles whose whole policy stands in one place, each wildcard in it with the reason for it. */
import {
  CompositePrincipal,
  Effect,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Stack, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Right } from '#lib/contract/rights.ts';
import { AppError } from '../errors.ts';

export interface ExactRoleProps {
  /** Who assumes it: `lambda`. */
  readonly services: readonly string[];
  readonly rights: readonly Right[];
  /** Under which conditions they may assume it; without any, always. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * A role with these rights and no others, as one inline policy.
 *
 * @throws AppError for a wildcard without a reason
 */
export function exactRole(scope: Construct, id: string, { services, rights, conditions = {} }: ExactRoleProps): Role {
  const principals = services.map((service) => new ServicePrincipal(`${service}.amazonaws.com`, { conditions }));
  const role = new Role(scope, id, {
    assumedBy: new CompositePrincipal(...principals),
    inlinePolicies: { Rights: new PolicyDocument({ statements: rights.map(statement) }) },
  });
  for (const right of rights) acknowledgeWildcards(role, right);
  return role;
}

const statement = ({ actions, resources, conditions }: Right): PolicyStatement =>
  new PolicyStatement({
    effect: Effect.ALLOW,
    actions: [...actions],
    resources: [...resources],
    ...(conditions && { conditions }),
  });

function acknowledgeWildcards(role: Role, { actions, resources, wildcards }: Right): void {
  const all = resources.map((resource) => flat(Stack.of(role).resolve(resource)));
  const found = new Set(all.filter((text) => text.includes('*')));
  if (found.size > 0 && wildcards === undefined) {
    throw new AppError(
      `${role.node.path}: the right to ${actions.join(', ')} on ${[...found].join(', ')} gives no reason for its wildcard.`,
    );
  }
  for (const resource of found) {
    Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason: wildcards ?? '' });
  }
}

/** A resource as cdk-nag writes it in a finding. */
function flat(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [name, argument] = Object.entries(value)[0] ?? [];
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(flat).join((argument as [string])[0]);
  if (name === 'Fn::GetAtt') return `<${(argument as string[]).join('.')}>`;
  if (name === 'Fn::ImportValue') return flat(argument);
  if (name === 'Ref') return `<${argument}>`;
  return JSON.stringify(value);
}
