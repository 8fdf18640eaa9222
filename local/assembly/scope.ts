/** What a stack's template can look up while the stack is being created. */
import { EmbeddedAwsError } from '../machine/errors.ts';
import { resolve, type Scope } from './intrinsics.ts';
import type { Template } from './template.ts';

/** A resource that exists: what `Ref` and `Fn::GetAtt` give. */
export interface Created {
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Systems Manager parameters that every bootstrapped account has. */
export const BOOTSTRAP_PARAMETERS: readonly (readonly [string, string])[] = [
  ['/cdk-bootstrap/hnb659fds/version', '30'],
];

/** What the stacks that are created so far give to those after them. */
export interface Shared {
  /** By export name. */
  readonly exports: ReadonlyMap<string, unknown>;
  /** Of Systems Manager, by name. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** @param created by logical id; read at each look-up, so resources may be added while the stack is created */
export function stackScope(
  { name, template }: { name: string; template: Template },
  created: ReadonlyMap<string, Created>,
  { exports, parameters }: Shared,
): Scope {
  const fail = (message: string) => new EmbeddedAwsError(`Deploying the stack ${name}: ${message}.`);
  const existing = (id: string): Created => {
    const found = created.get(id);
    if (!found) throw fail(`there is no parameter or resource ${id}`);
    return found;
  };
  const scope: Scope = {
    stack: name,
    fail,
    ref: (id) => (id in template.Parameters ? parameter(id) : existing(id).id),
    attribute: (id, attribute) => {
      const { attributes } = existing(id);
      if (attribute in attributes) return attributes[attribute];
      throw fail(`${template.Resources[id]?.Type} ${id} has no attribute ${attribute} in the embedded AWS`);
    },
    importValue: (exportName) => {
      if (exports.has(exportName)) return exports.get(exportName);
      throw fail(`no stack before it exports ${exportName}`);
    },
    condition: (condition) => {
      if (condition in template.Conditions) return resolve(template.Conditions[condition], scope) === true;
      throw fail(`there is no condition ${condition}`);
    },
    mapping: (map, key, field) => {
      const found = template.Mappings[map]?.[key]?.[field];
      if (found === undefined) throw fail(`the mapping ${map} has nothing at ${key}.${field}`);
      return found;
    },
  };
  const parameter = (id: string): unknown => {
    const declared = template.Parameters[id];
    const value = declared?.Default;
    if (value === undefined) throw fail(`the parameter ${id} has no default, and nothing else gives it a value`);
    if (!declared?.Type.startsWith('AWS::SSM::Parameter::Value')) return value;
    const stored = parameters.get(String(value));
    if (stored === undefined) throw fail(`the parameter ${id} reads ${value} from Systems Manager, which is not there`);
    return stored;
  };
  return scope;
}
