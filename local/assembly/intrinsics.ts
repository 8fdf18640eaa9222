/** CloudFormation's intrinsic functions, as a table from the function's name to what it gives. */
import { ACCOUNT, REGION } from '../machine/account.ts';

/** What the functions look things up in. Each lookup throws where there is nothing of that name. */
export interface Scope {
  readonly stack: string;
  /** A parameter's value, or the physical id of a resource. */
  ref(logicalId: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  importValue(exportName: string): unknown;
  condition(name: string): boolean;
  mapping(map: string, key: string, field: string): unknown;
  /** Adds to an error where it happened. */
  fail(message: string): Error;
}

const NO_VALUE = Symbol('AWS::NoValue');
const ZONES = ['a', 'b', 'c', 'd', 'e', 'f'].map((zone) => `${REGION}${zone}`);

const pseudoParameter = (name: string, stack: string): unknown =>
  ({
    'AWS::AccountId': ACCOUNT,
    'AWS::Region': REGION,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack,
    'AWS::StackId': stackId(stack),
    'AWS::NoValue': NO_VALUE,
  })[name];

/** It ends in a GUID, as on AWS. */
export const stackId = (stack: string): string =>
  `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${stack}/00000000-0000-4000-8000-000000000000`;

// biome-ignore lint/suspicious/noExplicitAny: the shape is the function's own; a wrong one throws
type Argument = any;
type Intrinsic = (argument: Argument, scope: Scope) => unknown;

/** These see their argument as it is written, because they look up names in it or do not evaluate all of it. */
const LAZY: Record<string, Intrinsic> = {
  Ref: (name: string, scope) => pseudoParameter(name, scope.stack) ?? scope.ref(name),
  'Fn::GetAtt': (argument: string | [string, unknown], scope) => {
    const [id, ...rest] = typeof argument === 'string' ? argument.split('.') : argument;
    return scope.attribute(id ?? '', rest.map((part) => resolve(part, scope)).join('.'));
  },
  'Fn::Sub': (argument: string | [string, Record<string, unknown>], scope) => {
    const [text, values] = typeof argument === 'string' ? [argument, {}] : argument;
    return text.replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) =>
      literal ? `\${${name}}` : String(substitute(name.trim(), values, scope)),
    );
  },
  'Fn::If': ([name, yes, no]: [string, unknown, unknown], scope) => resolve(scope.condition(name) ? yes : no, scope),
  Condition: (name: string, scope) => scope.condition(name),
};

const EAGER: Record<string, Intrinsic> = {
  'Fn::Join': ([separator, parts]: [string, unknown[]]) => parts.join(separator),
  'Fn::Select': ([index, list]: [number | string, unknown[]], scope) => {
    const found = list[Number(index)];
    if (found === undefined) throw scope.fail(`Fn::Select asks for item ${index} of a list of ${list.length}`);
    return found;
  },
  'Fn::Split': ([separator, text]: [string, string]) => text.split(separator),
  'Fn::GetAZs': () => ZONES,
  'Fn::ImportValue': (name: string, scope) => scope.importValue(name),
  'Fn::FindInMap': ([map, key, field]: [string, string, string], scope) => scope.mapping(map, key, field),
  'Fn::Base64': (text: string) => Buffer.from(text).toString('base64'),
  'Fn::Equals': ([left, right]: [unknown, unknown]) => String(left) === String(right),
  'Fn::And': (all: boolean[]) => all.every(Boolean),
  'Fn::Or': (all: boolean[]) => all.some(Boolean),
  'Fn::Not': ([one]: [boolean]) => !one,
};

function substitute(name: string, values: Record<string, unknown>, scope: Scope): unknown {
  if (name in values) return resolve(values[name], scope);
  return name.includes('.') ? LAZY['Fn::GetAtt']?.(name, scope) : LAZY['Ref']?.(name, scope);
}

/** The value with every function in it evaluated; what is `AWS::NoValue` is left out. */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope)).filter((item) => item !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  const called = functionOf(value);
  if (called === undefined) return resolveEach(value, scope);
  const [name, argument] = called;
  const lazy = LAZY[name];
  if (lazy) return lazy(argument, scope);
  const eager = EAGER[name];
  if (!eager) throw scope.fail(`the intrinsic function ${name} is not supported by the embedded AWS`);
  return eager(resolve(argument, scope), scope);
}

function resolveEach(value: object, scope: Scope): Record<string, unknown> {
  const resolved = Object.entries(value).map(([key, inner]): [string, unknown] => [key, resolve(inner, scope)]);
  return Object.fromEntries(resolved.filter(([, inner]) => inner !== NO_VALUE));
}

/** Name and argument, where the value is a call of an intrinsic function. */
export function functionOf(value: object): [name: string, argument: unknown] | undefined {
  const [entry, ...more] = Object.entries(value);
  if (!entry || more.length > 0) return undefined;
  const [name, argument] = entry;
  if (name === 'Condition') return typeof argument === 'string' ? entry : undefined;
  return name === 'Ref' || name.startsWith('Fn::') ? entry : undefined;
}
