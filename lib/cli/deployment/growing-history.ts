import { type HistoryEvent, paginateGetExecutionHistory, type SFNClient } from '@aws-sdk/client-sfn';

/** So few that a look at a run in which nothing has happened costs next to nothing. */
const NEWEST = 20;
const ENDS: readonly unknown[] = ['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionTimedOut', 'ExecutionAborted'];

/** Of all events so far, whether the last one ends the execution. */
export const isOver = (events: readonly HistoryEvent[]): boolean => ENDS.includes(events.at(-1)?.type);

/** @returns what gives every event so far: it asks for those alone that came since it was called before */
export function growingHistory(client: SFNClient, executionArn: string): () => Promise<readonly HistoryEvent[]> {
  const known: HistoryEvent[] = [];
  return async () => {
    const last = known.at(-1)?.id ?? 0;
    const added: HistoryEvent[] = [];
    const input = { executionArn, reverseOrder: true, maxResults: last === 0 ? 1000 : NEWEST };
    for await (const { events = [] } of paginateGetExecutionHistory({ client }, input)) {
      const fresh = events.filter(({ id = 0 }) => id > last);
      added.push(...fresh);
      if (fresh.length < events.length) break;
    }
    known.push(...added.reverse());
    return known;
  };
}
