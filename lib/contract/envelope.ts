/** What a task's Lambda is invoked with. The compiled state machine sends it; `lambdas/runtime` parses it. */
import * as z from 'zod';
import { recordedStatus } from './task-status.ts';

/**
 * Where connections lead in one run, by their names, in place of where the deployment leads them: the name of another
 * secret, and the base URL in it, against which the pages of an extract are held. A value of a secret is not in it.
 */
export const runSources = z.record(z.string(), z.object({ secret: z.string(), baseUrl: z.url() }));
export type RunSources = z.output<typeof runSources>;

/** The run, as its tasks see it. Instants are ISO 8601 in UTC: `2026-11-19T00:00:00Z`. */
export const run = z.object({
  dagId: z.string(),
  /** Of the logical date: `20261119T000000Z`. */
  runId: z.string(),
  /** The start of the data interval. */
  logicalDate: z.string(),
  dataInterval: z.object({ start: z.string(), end: z.string() }),
  /** 1 for the first time that a run's tasks are carried out, one more each time that they are cleared. */
  clearing: z.int(),
  /** The ARN of the execution that carries the run out. */
  execution: z.string(),
  params: z.record(z.string(), z.unknown()),
  /** Extracts ask no source: they read the raw that earlier attempts of this run left. */
  fromRaw: z.literal(true).optional(),
  sources: runSources.optional(),
  /** Of a run that is carried out again: tasks that are not, and have no result, with the status that they keep. */
  kept: z.record(z.string(), recordedStatus).optional(),
  /** Mapped tasks whose items' results count still, with the clearing from which on they do. */
  items: z.record(z.string(), z.int()).optional(),
});
export type Run = z.output<typeof run>;

/** What begin gives the machine. */
export interface BegunRun extends Run {
  /** Outputs of jobs and callback tasks that are not carried out again: no function can tell the machine. */
  readonly reused?: Readonly<Record<string, unknown>>;
}

/** Of a sensor: since when it looks, over all its attempts, for how long, and what it comes to after that. */
const waiting = z.object({ since: z.string(), timeoutSeconds: z.int(), softFail: z.boolean() });
export type Waiting = z.output<typeof waiting>;

export const task = z.object({
  id: z.string(),
  /** The item's place in the list, for a mapped task. */
  index: z.int().optional(),
  /** The item itself, by which its result is found again where the list has changed. */
  item: z.unknown().optional(),
  /** 1 for the first try. */
  attempt: z.int(),
  /** Of a callback task: what its answer must carry. */
  token: z.string().optional(),
  sensor: waiting.optional(),
  /** It is carried out alone, by hand: nothing of it goes into the ledger. */
  test: z.literal(true).optional(),
  /** The lists in its output that distributed Maps read from the ledger, as JSON Pointers: see `listed.ts`. */
  listed: z.array(z.string()).optional(),
});
export type TaskOfRun = z.output<typeof task>;

export const taskEvent = z.object({ run, task, input: z.unknown() });
export type TaskEvent = z.output<typeof taskEvent>;

/** Of an output as JSON, the lists in it not counted: an output is a pointer to data, not data. */
export const OUTPUT_BYTES = 8 * 1024;

/**
 * What stands in a task's input for the outputs of a mapped task: they lie in the ledger, one object an item that was
 * not skipped, and `lambdas/runtime` puts the list in its place before the task sees its input.
 */
export const mappedOutputs = z.object({
  $mapped: z.object({
    task: z.string(),
    /** Outputs. */
    count: z.int(),
    /** Items that the task ran over, those that were skipped included. */
    items: z.int(),
  }),
});
export type MappedOutputs = z.output<typeof mappedOutputs>;
