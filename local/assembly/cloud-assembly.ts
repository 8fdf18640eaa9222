/** Reads what `cdk synth` wrote: the stacks in the order in which they deploy, with their assets. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { EmbeddedAwsError } from '../machine/errors.ts';
import { type Template, template } from './template.ts';

export interface Stack {
  readonly name: string;
  readonly template: Template;
  /** Object key in the bootstrap bucket → the directory or file that would be uploaded there. */
  readonly assets: ReadonlyMap<string, string>;
}

const artifact = z.object({
  type: z.string(),
  dependencies: z.array(z.string()).default([]),
  properties: z.record(z.string(), z.unknown()).default({}),
});
const manifest = z.object({ artifacts: z.record(z.string(), artifact) });
const assetProperties = z.object({ file: z.string() });
const stackProperties = z.object({ templateFile: z.string(), stackName: z.string().optional() });
const assetManifest = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string().optional() }),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
    }),
  ),
});

type Artifacts = z.output<typeof manifest>['artifacts'];

/** @param directory a cloud assembly (`cdk.out`) */
export function readCloudAssembly(directory: string): Stack[] {
  const path = join(directory, 'manifest.json');
  const { artifacts } = readJson(directory, 'manifest.json', manifest);
  const nested = Object.keys(artifacts).find((id) => artifacts[id]?.type === 'cdk:cloud-assembly');
  if (nested !== undefined) {
    throw new EmbeddedAwsError(`The cloud assembly ${directory} contains the nested assembly ${nested} (a CDK Stage), \
which the embedded AWS does not deploy. Synthesize its stacks at the top of the app.`);
  }
  const assets = new Map(
    Object.values(artifacts)
      .filter(({ type }) => type === 'cdk:asset-manifest')
      .flatMap(({ properties }) => assetsOf(directory, usable(path, assetProperties, properties).file)),
  );
  return inDependencyOrder(artifacts).flatMap((id) => {
    const found = artifacts[id];
    if (found?.type !== 'aws:cloudformation:stack') return [];
    const { templateFile, stackName } = usable(path, stackProperties, found.properties);
    return [{ name: stackName ?? id, template: readJson(directory, templateFile, template), assets }];
  });
}

function assetsOf(directory: string, file: string): [string, string][] {
  return Object.values(readJson(directory, file, assetManifest).files).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ objectKey }): [string, string] => [
      objectKey,
      resolve(directory, source.path ?? ''),
    ]),
  );
}

/** Depth first over the dependencies, which `cdk synth` has already proved to be without cycles. */
function inDependencyOrder(artifacts: Artifacts): string[] {
  const ordered = new Set<string>();
  const visit = (id: string): void => {
    for (const dependency of artifacts[id]?.dependencies ?? []) if (!ordered.has(dependency)) visit(dependency);
    ordered.add(id);
  };
  for (const id of Object.keys(artifacts)) visit(id);
  return [...ordered];
}

function readJson<T>(directory: string, file: string, schema: z.ZodType<T>): T {
  const path = join(directory, file);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new EmbeddedAwsError(`Reading the cloud assembly, found no ${path}. Run \`npx cdk synth\` first.`, { cause });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new EmbeddedAwsError(
      `Reading the cloud assembly, found that ${path} is no JSON: ${reason}. Remove ${directory}, and synthesize the app again.`,
      { cause },
    );
  }
  return usable(path, schema, json);
}

function usable<T>(path: string, schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new EmbeddedAwsError(`Reading the cloud assembly, cannot use ${path}:\n${z.prettifyError(parsed.error)}`);
}
