/** The CDK app: one platform stack, and one stack for each pipeline. */
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib/core';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import { AppError } from '#lib/constructs/errors.ts';
import { connectionsOf } from '#lib/constructs/rights/task-rights.ts';
import { pipelines as all, type Pipeline } from '#lib/pipelines/index.ts';
import { functionCode, type PipelineSource } from './code.ts';
import { limitResources, limitTemplates } from './limits.ts';
import { namesOf } from './names.ts';
import { checkOtherPipelines } from './other-pipelines.ts';
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
 * @throws AppError, DagError where the app cannot be as it is asked for
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
  const sources = Object.entries(pipelines).map(sourceOf);
  const graphs = sources.map(({ graph }) => graph);
  checkOtherPipelines(graphs, pipelines);
  const tasks = graphs.flatMap((graph) => graph.tasks);
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

function sourceOf([name, { dag, tables }]: [string, Pipeline]): PipelineSource {
  if (name === dag.id) return { graph: dag.graph(), tables: [...tables] };
  throw new AppError(`The pipeline '${name}' in lib/pipelines/index.ts has the DAG '${dag.id}': give both one name.`);
}

/** Where loads are recorded; see `lambdas/warehouse/bookkeeping.ts`. */
const BOOKKEEPING = 'sluice';

const schemasOf = (sources: readonly PipelineSource[]): string[] => {
  const tables = sources.flatMap((source) => source.tables.map(({ name }) => name));
  return [...new Set([BOOKKEEPING, ...tables.map((table) => table.split('.')[0] ?? '')])].sort();
};
