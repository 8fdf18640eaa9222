/** What a task was called with, as its execution's history has it (Airflow: rendered templates). */
import type { HistoryEvent } from './task-history.ts';

export interface CallOfTask {
  /** Of a mapped task's item. */
  readonly index?: number | undefined;
  /** Of a job, what its service was asked. */
  readonly input: unknown;
}

interface Parameters {
  readonly Payload?: { readonly task?: { readonly id?: string; readonly index?: number }; readonly input?: unknown };
}

/** The last one of each item, or of the task. */
export function callsOf(events: Iterable<HistoryEvent>, task: string): CallOfTask[] {
  const states = new Map<number, string | undefined>();
  const calls = new Map<number | undefined, CallOfTask>();
  for (const {
    id = -1,
    previousEventId = -1,
    stateEnteredEventDetails: entered,
    taskScheduledEventDetails,
  } of events) {
    const state = entered?.name ?? states.get(previousEventId);
    states.set(id, state);
    if (taskScheduledEventDetails?.parameters === undefined) continue;
    const parameters: Parameters = JSON.parse(taskScheduledEventDetails.parameters);
    const of = parameters.Payload?.task;
    if (of?.id === task) calls.set(of.index, { index: of.index, input: parameters.Payload?.input });
    else if (of === undefined && state === task) calls.set(undefined, { input: parameters });
  }
  return [...calls.values()].sort((one, other) => (one.index ?? 0) - (other.index ?? 0));
}
