/** Pipelines as their machines, for commands that need neither AWS nor the CDK. */
import { AslError, compile, type StateMachine } from '#lib/asl/index.ts';
import { DagError, type Graph } from '#lib/dag/index.ts';
import { BrokenPipeline, loadPipeline, pipelineNames } from '#lib/pipelines/load.ts';
import type { Pipeline } from '#lib/pipelines/pipeline.ts';
import { didYouMean } from '../did-you-mean.ts';
import { UsageError } from '../errors.ts';

/** Stand for the functions and state machines that a deployment would name. */
const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

const machineArn = (pipeline: string): string => `arn:aws:states:us-east-1:000000000000:stateMachine:${pipeline}`;

/** @throws UsageError where the graph does not fit a state machine */
export function machineOf(graph: Graph): StateMachine {
  try {
    return compile(graph, { functionArn, begin: functionArn('begin'), machineArn });
  } catch (error) {
    if (error instanceof AslError) throw new UsageError(error.message);
    throw error;
  }
}

/** @throws UsageError where there is no such pipeline, or its DAG cannot be built */
export async function graphOfPipeline(name: string): Promise<Graph> {
  try {
    return (await pipelineNamed(name)).dag.graph();
  } catch (error) {
    if (error instanceof DagError) throw new UsageError(error.message);
    throw error;
  }
}

/** @throws UsageError where there is no such pipeline, or its code does not load */
export async function pipelineNamed(name: string): Promise<Pipeline> {
  const pipeline = await loadPipeline(name).catch((error: unknown) => {
    if (error instanceof BrokenPipeline) throw new UsageError(`The pipeline '${name}' does not load: ${error.message}`);
    throw error;
  });
  if (pipeline) return pipeline;
  const names = pipelineNames();
  throw new UsageError(`There is no pipeline '${name}'.${didYouMean(name, names)} There are: ${names.join(', ')}.`);
}
