/** The CDK app: one platform stack, and one stack for each pipeline. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib/core';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import { AslError } from '#lib/asl/index.ts';
import { AppError } from '#lib/constructs/errors.ts';
import { connectionsOf } from '#lib/constructs/rights/task-rights.ts';
import type { Config } from '#lib/contract/config.ts';
import { DagError } from '#lib/dag/index.ts';
import { loadPipelines } from '#lib/pipelines/load.ts';
import type { Pipeline } from '#lib/pipelines/pipeline.ts';
import { functionCode, type PipelineSource, ROOT } from './code.ts';
import { limitResources, limitTemplates } from './limits.ts';
import { namesOf } from './names.ts';
import { PipelineStack, type PipelineStackProps } from './pipeline-stack.ts';
import { PlatformStack } from './platform-stack.ts';
import { readSettings } from './settings.ts';

export interface SynthesizeOptions {
  /** Where the cloud assembly goes. Without it, where the CDK's command line says. */
  readonly outdir?: string;
  /** As `-c name=value`: stage, email, workgroup, database, adminSecret, zones, pipelines, confirmedCatchups. */
  readonly context?: Readonly<Record<string, string>>;
  /** What `sluice.config.ts` says. Without it, every stage has the defaults. */
  readonly config?: Config;
  /** By name. Without it, those that the settings of the stage name. */
  readonly pipelines?: Readonly<Record<string, Pipeline>>;
  /** Takes what is wrong with a pipeline, which is left out then. Without it, a wrong one fails the app. */
  readonly onBroken?: OnBroken;
  /** Commands find this deployment by themselves, so that its functions need not name it to people. */
  readonly isHere?: boolean;
}
type OnBroken = (pipeline: string, problem: string) => void;

/**
 * Bundles the functions, and writes the templates of all stacks. Security findings fail it.
 *
 * @throws AppError where the app cannot be as it is asked for, naming each pipeline that is wrong
 */
export async function synthesize(options: SynthesizeOptions = {}): Promise<CloudAssembly> {
  const { outdir, context = {}, config, isHere = false } = options;
  // Holding the templates against CloudFormation's schemas takes longer than all the rest: a test does it.
  const fixed = { analyticsReporting: false, builtinCloudFormationValidation: false };
  const app = new App({ ...fixed, context, ...(outdir !== undefined && { outdir }) });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const settings = readSettings(app.node, config);
  const stages = Object.keys(config?.stages ?? {}).filter((name) => name !== 'default');
  const names = namesOf({ stage: settings.stage, stages, isHere });
  const broken = new Broken(options.onBroken);
  const sources = sourcesOf(options.pipelines ?? (await loaded(settings.pipelines, broken)), broken);
  const code = await functionCode(sources, join(app.outdir, '.sluice'));
  const stacks = sources.flatMap((source) => {
    const isCatchupConfirmed = settings.confirmedCatchups.includes(source.graph.id);
    const built = { code: code.pipeline(source), databases: settings.postgres, isPrinted: !isHere, isCatchupConfirmed };
    const props = { names, graph: source.graph, ...built };
    return broken.unless(source.graph.id, () => [pipelineStack(app, props)]) ?? [];
  });
  broken.refuse();
  const used = connectionsOf(stacks.flatMap(({ graph }) => graph.tasks));
  refuseUnused(Object.keys(settings.postgres), used.databases);
  const auroras = used.databases.filter((name) => settings.postgres[name]?.aurora);
  const platform = new PlatformStack(app, {
    names,
    settings,
    connections: used.secrets.filter((name) => !auroras.includes(name)),
    auroras,
    schemas: schemasOf(sources),
    machines: stacks.map(({ graph }) => names.pipeline(graph.id)),
    code: code.platform,
  });
  for (const { stack } of stacks) stack.addStackDependency(platform, 'reads its parameters');
  for (const stack of [platform, ...stacks.map(({ stack }) => stack)]) limitResources(stack);
  const assembly = app.synth();
  limitTemplates(assembly);
  return assembly;
}

/** @throws AppError for the settings of a connection that nothing uses, such as one that is misspelt */
function refuseUnused(named: readonly string[], used: readonly string[]): void {
  const unused = named.filter((name) => !used.includes(name));
  if (unused.length === 0) return;
  throw new AppError(
    `postgres in sluice.config.ts names ${unused.join(', ')}, and the pipelines of the stage use ` +
      `${used.join(', ') || 'no PostgreSQL connection'}. Correct the name, or leave it out.`,
  );
}

/** The pipelines that are wrong: left out where somebody takes what is wrong with them, otherwise refused together. */
class Broken {
  readonly #onBroken: OnBroken | undefined;
  readonly #problems: string[] = [];

  constructor(onBroken: OnBroken | undefined) {
    this.#onBroken = onBroken;
  }

  add(pipeline: string, problem: string): void {
    if (this.#onBroken) this.#onBroken(pipeline, problem);
    else this.#problems.push(problem);
  }

  /** Does work on a pipeline; where it is wrong, nothing. */
  unless<T>(pipeline: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!isAuthors(error)) throw error;
      this.add(pipeline, error.message);
      return undefined;
    }
  }

  /** @throws AppError with all that was found */
  refuse(): void {
    if (this.#problems.length > 0) throw new AppError(this.#problems.join('\n'));
  }
}

/** Whether an error is the author's or operator's to fix: its message says how, its stack says nothing. */
export const isAuthors = (error: unknown): error is Error =>
  [AppError, DagError, AslError].some((kind) => error instanceof kind);

async function loaded(names: readonly string[], broken: Broken): Promise<Readonly<Record<string, Pipeline>>> {
  const found = await loadPipelines(names);
  for (const [name, problem] of Object.entries(found.broken))
    broken.add(name, `The pipeline '${name}' does not load: ${problem}`);
  return found.pipelines;
}

function sourcesOf(pipelines: Readonly<Record<string, Pipeline>>, broken: Broken): PipelineSource[] {
  const facts = Object.values(pipelines).map(({ dag }) => dag.facts());
  return Object.entries(pipelines).flatMap(([name, { dag, tables }]) => {
    const graph = broken.unless(name, () => {
      const built = dag.graph({ tables, pipelines: facts, read: readFile });
      connectionsOf(built.tasks);
      return built;
    });
    return graph ? [{ graph, tables: [...tables] }] : [];
  });
}

/** By its path from the project's root. */
const readFile = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

function pipelineStack(app: App, props: PipelineStackProps): { graph: PipelineSource['graph']; stack: PipelineStack } {
  const { graph, names } = props;
  try {
    return { graph, stack: new PipelineStack(app, props) };
  } catch (error) {
    app.node.tryRemoveChild(names.pipeline(graph.id));
    throw error;
  }
}

/** Where loads are recorded; see `lambdas/warehouse/bookkeeping.ts`. */
const BOOKKEEPING = 'sluice';

const schemasOf = (sources: readonly PipelineSource[]): string[] => {
  const tables = sources.flatMap((source) => source.tables.map(({ name }) => name));
  return [...new Set([BOOKKEEPING, ...tables.map((table) => table.split('.')[0] ?? '')])].sort();
};
