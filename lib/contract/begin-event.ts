/** What an execution is started with, and what begin is told of it. */
import * as z from 'zod';
import { runSources } from './envelope.ts';

/** Which tasks of a run that has ended are carried out again, always with all that is downstream of them. */
const clearing = z.strictObject({
  /** Those that failed, are upstream_failed, were cut off, or never began. Of a mapped one, the items that lack a result. */
  failed: z.literal(true).optional(),
  tasks: z.array(z.string()).optional(),
  /** Those tasks alone, and nothing downstream. */
  only: z.literal(true).optional(),
  /** What is upstream of those tasks too. */
  upstream: z.literal(true).optional(),
  /** Tasks downstream whose results stay as they are. */
  keep: z.array(z.string()).optional(),
});
export type Clearing = z.output<typeof clearing>;

/** Why a run began: a tick of its schedule, somebody's wish, or a range of dates that is made up for. */
export const runKind = z.enum(['scheduled', 'manual', 'backfill']);
export type RunKind = z.output<typeof runKind>;

/** What an execution is started with: by a tick of the schedule, or by hand. */
const executionInput = z.object({
  /** The instant of the schedule's tick; its run covers the interval that ends there. */
  tick: z.string().optional(),
  /** The run to carry out; without it and a tick, the last complete interval. */
  logicalDate: z.string().optional(),
  /** Carries out tasks again, also where the record is closed: every one, or some. */
  clear: z.union([z.literal('all'), clearing]).optional(),
  /** Where another execution carries the run out, waits for its end, instead of leaving the run to it. */
  wait: z.literal(true).optional(),
  /** One of a range of dates that is made up for: it gets its slot after those of the schedule. */
  backfill: z.literal(true).optional(),
  /** Takes the raw that an earlier execution of the run left, and asks no source. */
  fromRaw: z.literal(true).optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  /** Whoever takes the run over while it is open goes on with them. */
  sources: runSources.optional(),
});
export type ExecutionInput = z.output<typeof executionInput>;

/** A task, as far as it matters for a rerun. */
export const node = z.object({
  /** Those that it waits for, by their places among the tasks. */
  after: z.array(z.int()),
  /** `native`: Step Functions itself has the output, of a job or a callback task. `empty`: it has none. */
  kind: z.enum(['mapped', 'native', 'empty']).optional(),
});
export type Node = z.output<typeof node>;

/** What the compiled machine tells begin of its pipeline. */
export const pipelineOptions = z.object({
  dagId: z.string(),
  /** Five-field cron, or null for runs by hand only. */
  schedule: z.string().nullable(),
  timeZone: z.string(),
  /** The first logical date: `2018-01-05`. */
  startDate: z.string(),
  /** The last day that has a logical date. */
  endDate: z.string().nullable().optional(),
  /** Intervals that were over before the pipeline was deployed are run too. */
  catchup: z.boolean().optional(),
  maxActiveRuns: z.int().min(1),
  /** The sources know only the present: a run that is not the newest goes from its raw, or not at all. */
  snapshot: z.boolean(),
  /** Every task of the DAG, in order: what end gives a status. */
  tasks: z.array(z.string()),
  /** Of each of them. */
  nodes: z.array(node).optional(),
  /** The params, all of them, as JSON Schema in a text: as an object, a text in it could be taken for an expression. */
  params: z.string().optional(),
});
export type PipelineOptions = z.output<typeof pipelineOptions>;

export const beginEvent = z.object({
  execution: z.string(),
  /** When the execution started, ISO 8601. */
  startTime: z.string(),
  input: executionInput,
  pipeline: pipelineOptions,
});
export type BeginEvent = z.output<typeof beginEvent>;
