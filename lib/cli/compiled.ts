/** Pipelines as their machines, for commands that need neither AWS nor the CDK. */
import { AslError, compile, type StateMachine } from '#lib/asl/index.ts';
import { DagError, type Graph } from '#lib/dag/index.ts';
import { pipelines } from '#lib/pipelines/index.ts';
import { UsageError } from './errors.ts';

export interface Compiled {
  readonly graph: Graph;
  readonly machine: StateMachine;
}

/** Stands for the functions that a deployment would name. */
const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

export const compileGraph = (graph: Graph): Compiled => ({
  graph,
  machine: compile(graph, { functionArn, begin: functionArn('begin') }),
});

export const pipelineNames = (): string[] => Object.keys(pipelines);

/** @throws UsageError where there is no such pipeline, or it cannot be compiled */
export function compiledPipeline(name: string): Compiled {
  const pipeline = pipelines[name];
  if (!pipeline) throw new UsageError(`There is no pipeline '${name}'. There are: ${pipelineNames().join(', ')}.`);
  try {
    return compileGraph(pipeline.dag.graph());
  } catch (error) {
    if (error instanceof DagError || error instanceof AslError) throw new UsageError(error.message);
    throw error;
  }
}
