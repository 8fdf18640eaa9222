/** Loads pipelines one by one: one that cannot be loaded is told with the line of its code, and the others go on. */
import { resolve } from 'node:path';
import * as z from 'zod';
import { blame } from '#lib/contract/blame.ts';
import { tableDeclaration } from '#lib/contract/table.ts';
import { pipelines } from './index.ts';
import type { Pipeline } from './pipeline.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** A pipeline's code does not load. The message says why, and where. */
export class BrokenPipeline extends Error {
  override readonly name = 'BrokenPipeline';
}

/** By their names, as far as they load. */
export interface Loaded {
  readonly pipelines: Readonly<Record<string, Pipeline>>;
  /** Why the others do not. */
  readonly broken: Readonly<Record<string, string>>;
}

export const pipelineNames = (): string[] => Object.keys(pipelines);

/**
 * @returns undefined where there is none of this name
 * @throws BrokenPipeline
 */
export async function loadPipeline(name: string): Promise<Pipeline | undefined> {
  if (!Object.hasOwn(pipelines, name)) return undefined;
  try {
    const exported = await pipelines[name]?.();
    if (!exported?.dag) throw new Error(`lib/pipelines/index.ts: the module of '${name}' exports no 'dag'`);
    const { dag, tables = [], result } = exported;
    if (dag.id !== name)
      throw new Error(`lib/pipelines/index.ts: '${name}' has the DAG '${dag.id}': give both one name`);
    return { dag, tables: z.array(tableDeclaration).parse(tables), ...(result && { result }) };
  } catch (error) {
    throw new BrokenPipeline(blame(error, ROOT), { cause: error });
  }
}

/** @param names without it, all that there are */
export async function loadPipelines(names: readonly string[] = pipelineNames()): Promise<Loaded> {
  const found: Record<string, Pipeline> = {};
  const broken: Record<string, string> = {};
  for (const name of names) {
    try {
      const pipeline = await loadPipeline(name);
      if (pipeline) found[name] = pipeline;
      else broken[name] = `lib/pipelines/index.ts has no such pipeline. It has: ${pipelineNames().join(', ')}`;
    } catch (error) {
      if (!(error instanceof BrokenPipeline)) throw error;
      broken[name] = error.message;
    }
  }
  return { pipelines: found, broken };
}
