/** Runs and reruns of a graph's machine, with the real begin, end and task runtime around it, on a store in memory. */
import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { claimRun } from '#lambdas/run/claim.ts';
import { closeRun } from '#lambdas/run/close.ts';
import { implement } from '#lambdas/runtime/implement.ts';
import type { BeginEvent, ExecutionInput } from '#lib/contract/begin-event.ts';
import type { TaskEvent, TaskOfRun } from '#lib/contract/envelope.ts';
import { Skipped, Terminal } from '#lib/contract/errors.ts';
import { taskType } from '#lib/contract/task-type.ts';
import type { Graph } from '#lib/dag/index.ts';
import type { RunRecord } from '#lib/runs/run-record.ts';
import { assignedOutputsOf, statusesOf } from '#lib/runs/task-history.ts';
import { machineOf, type Payload } from './machines.ts';
import { memoryStore } from './memory-store.ts';
import type { Outcome } from './reference.ts';

type Outcomes = ReadonlyMap<string, Outcome>;

const anything = taskType('anything', { input: z.looseObject({}), output: z.looseObject({}) });

const LOGICAL_DATE = '2026-01-01T00:00:00Z';
const NOW = '2026-06-01T00:00:00Z';

export function rerunWorld(graph: Graph, params: Readonly<Record<string, unknown>>) {
  const properties = Object.fromEntries(Object.keys(params).map((name) => [name, {}]));
  const machine = machineOf({ ...graph, paramsSchema: { type: 'object', properties } });
  const store = memoryStore();
  const services = {
    environment: { SLUICE_BUCKET: 'lake', SLUICE_CONNECTIONS: {}, LAMBDA_TASK_ROOT: '.' },
    s3: new S3Client({ region: 'us-east-1' }),
    store,
  };

  /** Carries the run out, and closes its record. */
  return async function carryOut(input: Pick<ExecutionInput, 'clear' | 'params'>, outcomes: Outcomes) {
    const worked: string[] = [];
    const work = (task: Pick<TaskOfRun, 'id' | 'index'>) => {
      const { ends, output, items } = outcomes.get(task.id) as Outcome;
      worked.push(task.index === undefined ? task.id : `${task.id}[${task.index}]`);
      const end = task.index === undefined ? ends : items[task.index];
      if (end === 'failed') throw new Terminal('as the outcome says');
      if (end === 'skipped') throw new Skipped('as the outcome says');
      return output;
    };
    const handler = implement(
      anything,
      async (_, { task }) => work(task),
      () => services,
    );
    const answer = async ({ run, task, input: given }: Payload) => {
      try {
        // What carries these out is no function of Sluice's.
        if (task.token !== undefined || run === undefined) return work(task);
        const { listed: _, ...named } = task;
        return await handler({ run, task: named, input: given } satisfies TaskEvent);
      } catch (error) {
        const { name, message } = error as Error;
        throw { error: name, cause: message };
      }
    };
    const begin = (event: BeginEvent) =>
      claimRun(
        { store, executions: { ended: async () => 'running' }, now: () => new Date(NOW) },
        { ...event, startTime: NOW, input: { logicalDate: LOGICAL_DATE, ...input } },
      );
    const run = await machine({ answer, begin: begin as () => unknown });
    const executions = {
      failures: async () => ({ tries: [], maps: [] }),
      details: async () => undefined,
      statuses: async () => statusesOf(run.events),
      outputs: async (_: string, tasks: readonly string[]) => assignedOutputsOf(run.events, tasks),
    };
    const { status, error, cause } = run;
    const output = run.output === undefined ? undefined : JSON.stringify(run.output);
    const ended = { status: status as 'SUCCEEDED' | 'FAILED', startedAt: NOW, stoppedAt: NOW, output, error, cause };
    const record = (await closeRun({ store, executions }, run.executionArn, ended)) as RunRecord;
    return { record, worked, events: run.events };
  };
}
