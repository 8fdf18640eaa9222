/** Pipelines as their machines, for commands that need neither AWS nor the CDK. */
import { AslError, compile, type StateMachine } from '#lib/asl/index.ts';
import { DagError, type Graph } from '#lib/dag/index.ts';
import { pipelines } from '#lib/pipelines/index.ts';
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

export const pipelineNames = (): string[] => Object.keys(pipelines);

/** @throws UsageError where there is no such pipeline, or its DAG cannot be built */
export function graphOfPipeline(name: string): Graph {
  const pipeline = pipelines[name];
  if (!pipeline) throw new UsageError(`There is no pipeline '${name}'. There are: ${pipelineNames().join(', ')}.`);
  try {
    return pipeline.dag.graph();
  } catch (error) {
    if (error instanceof DagError) throw new UsageError(error.message);
    throw error;
  }
}
