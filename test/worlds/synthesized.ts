/** The app as it is synthesized for these tests, in plain data. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type SynthesizeOptions, synthesize } from '#lib/stacks/index.ts';

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: as CloudFormation has it
  readonly Properties: any;
  readonly DeletionPolicy?: string;
}
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { Value: unknown; Export?: { Name: string } }>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Parameters: Readonly<Record<string, { Type: string; Default?: string }>>;
}
export interface Synthesized {
  readonly directory: string;
  /** By the stack's name. */
  readonly templates: Readonly<Record<string, Template>>;
  /** Rules that the security checks may find: construct path → id → reason. */
  readonly acknowledged: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly remove: () => void;
}

/** Synthesizes into a directory of its own. */
export async function synthesized(options: SynthesizeOptions = {}): Promise<Synthesized> {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-synth-'));
  const { stacks } = await synthesize({ ...options, outdir: directory });
  const read = (file: string) => JSON.parse(readFileSync(join(directory, file), 'utf8'));
  const metadata: Record<string, { type: string; data: Record<string, string> }[]> = Object.assign(
    {},
    ...stacks.map(({ stackName }) => read(`${stackName}.metadata.json`)),
  );
  const acknowledged = Object.entries(metadata).flatMap(([path, entries]) => {
    const rules = entries.filter(({ type }) => type === 'aws:cdk:acknowledged-rules').map(({ data }) => data);
    const named = Object.entries(Object.assign({}, ...rules) as Record<string, string>);
    return rules.length > 0
      ? [[path, Object.fromEntries(named.map(([id, why]) => [id.replace(/^Annotation::/, ''), why]))]]
      : [];
  });
  return {
    directory,
    templates: Object.fromEntries(stacks.map(({ stackName, templateFile }) => [stackName, read(templateFile)])),
    acknowledged: Object.fromEntries(acknowledged),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** What `synthesize` throws. */
export async function refusal(options: SynthesizeOptions): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-synth-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return synthesize({ ...options, outdir: directory }).then(
    () => 'nothing',
    (error: Error) => error.message,
  );
}

/** Resources of a type, by logical id. */
export const ofType = ({ Resources }: Template, type: string): Record<string, Resource> =>
  Object.fromEntries(Object.entries(Resources).filter(([, resource]) => resource.Type === type));

/** A value with functions in it as one line: `arn:<AWS::Partition>:s3:::<PlatformBucket>/runs/*`. */
export function line(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [name, argument] = Object.entries(value)[0] ?? [];
  if (name === 'Fn::Join') return argument[1].map(line).join(argument[0]);
  if (name === 'Fn::GetAtt') return `<${argument.join('.')}>`;
  return `<${argument}>`;
}

/** A role's statements, one line for each action and resource. */
export function rightsOf(role: Resource): string[] {
  const statements = role.Properties.Policies.flatMap(
    // biome-ignore lint/suspicious/noExplicitAny: as CloudFormation has it
    ({ PolicyDocument }: any) => PolicyDocument.Statement,
  );
  // biome-ignore lint/suspicious/noExplicitAny: as CloudFormation has it
  return statements.flatMap(({ Effect, Action, Resource, Condition }: any) =>
    [Action].flat().flatMap((action: string) =>
      [Resource].flat().map((resource: unknown) => {
        const on = line(resource).replace(/^arn:<AWS::Partition>:s3:::<PlatformBucket>\/?/, 'lake/');
        const condition = Condition ? ` if ${JSON.stringify(Condition)}` : '';
        return `${Effect} ${action} ${on}${condition}`;
      }),
    ),
  );
}
