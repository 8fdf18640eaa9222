/** The CDK app: one platform stack, and one stack for each pipeline. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib/core';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import { AppError } from '#lib/constructs/errors.ts';
import { connectionsOf } from '#lib/constructs/rights/task-rights.ts';
import { DagError } from '#lib/dag/index.ts';
import { pipelines as all, type Pipeline } from '#lib/pipelines/index.ts';
import { functionCode, type PipelineSource, ROOT } from './code.ts';
import { limitResources, limitTemplates } from './limits.ts';
import { namesOf } from './names.ts';
import { PipelineStack } from './pipeline-stack.ts';
import { PlatformStack } from './platform-stack.ts';
import { readSettings } from './settings.ts';

export interface SynthesizeOptions {
  /** Where the cloud assembly goes. Without it, where the CDK's command line says. */
  readonly outdir?: string;
  /** As `-c name=value`: stage, email, workgroup, database, adminSecret. */
  readonly context?: Readonly<Record<string, string>>;
  /** By name. Without it, those of `lib/pipelines`. */
  readonly pipelines?: Readonly<Record<string, Pipeline>>;
}

/**
 * Bundles the functions, and writes the templates of all stacks. Security findings fail it.
 *
 * @throws AppError, AslError where the app cannot be as it is asked for
 */
export async function synthesize({
  outdir,
  context = {},
  pipelines = all,
}: SynthesizeOptions = {}): Promise<CloudAssembly> {
  // Holding the templates against CloudFormation's schemas takes longer than all the rest: a test does it.
  const fixed = { analyticsReporting: false, builtinCloudFormationValidation: false };
  const app = new App({ ...fixed, context, ...(outdir !== undefined && { outdir }) });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const settings = readSettings(app.node);
  const names = namesOf(settings.stage);
  const sources = sourcesOf(pipelines);
  const tasks = sources.flatMap(({ graph }) => graph.tasks);
  const code = await functionCode(sources, join(app.outdir, '.sluice'));
  const platform = new PlatformStack(app, {
    names,
    settings,
    connections: connectionsOf(tasks).secrets,
    schemas: schemasOf(sources),
    machines: sources.map(({ graph }) => names.pipeline(graph.id)),
    code: code.platform,
  });
  const stacks = sources.map(
    (source) => new PipelineStack(app, { names, graph: source.graph, code: code.pipeline(source) }),
  );
  for (const stack of stacks) stack.addStackDependency(platform, 'imports what it exports');
  for (const stack of [platform, ...stacks]) limitResources(stack);
  const assembly = app.synth();
  limitTemplates(assembly);
  return assembly;
}

/** @throws AppError that lists every problem of every pipeline */
function sourcesOf(pipelines: Readonly<Record<string, Pipeline>>): PipelineSource[] {
  const facts = Object.values(pipelines).map(({ dag }) => dag.facts());
  const refused: string[] = [];
  const sources = Object.entries(pipelines).flatMap(([name, { dag, tables }]): PipelineSource[] => {
    if (name !== dag.id)
      refused.push(`The pipeline '${name}' in lib/pipelines/index.ts has the DAG '${dag.id}': give both one name.`);
    try {
      return [{ graph: dag.graph({ tables, pipelines: facts, read: readFile }), tables: [...tables] }];
    } catch (error) {
      if (!(error instanceof DagError)) throw error;
      refused.push(error.message);
      return [];
    }
  });
  if (refused.length > 0) throw new AppError(refused.join('\n'));
  return sources;
}

/** By its path from the project's root. */
const readFile = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Where loads are recorded; see `lambdas/warehouse/bookkeeping.ts`. */
const BOOKKEEPING = 'sluice';

const schemasOf = (sources: readonly PipelineSource[]): string[] => {
  const tables = sources.flatMap((source) => source.tables.map(({ name }) => name));
  return [...new Set([BOOKKEEPING, ...tables.map((table) => table.split('.')[0] ?? '')])].sort();
};
