/** What is kept of each task besides its state: for people who look at a run when Step Functions has forgotten it. */
import * as z from 'zod';
import type { MapRunItems } from './map-run.ts';
import type { Try } from './task-history.ts';

export const taskDetail = z.object({
  /** Of a mapped task, of the item that took the most. */
  attempts: z.int(),
  startedAt: z.string(),
  /** Absent while it runs. */
  endedAt: z.string().optional(),
  /** The sum of what its outputs count. */
  rows: z.number().optional(),
  /** Of a mapped task. */
  items: z.int().optional(),
  failedItems: z.int().optional(),
  /** Why it failed or was skipped, or what its last attempt found: the beginning of it. */
  reason: z.string().optional(),
  /** The function that carried it out, whose log has its lines. */
  functionName: z.string().optional(),
});
export type TaskDetail = z.output<typeof taskDetail>;

/** So much of a reason is kept: a run record is read by every list of runs. */
const REASON = 500;

/** By task, of those that began. */
export function detailsOf(tries: readonly Try[], maps: readonly MapRunItems[]): Record<string, TaskDetail> {
  const details: Record<string, TaskDetail> = Object.create(null);
  for (const map of maps) details[map.task] = detailOfMap(map);
  for (const [task, own] of Map.groupBy(tries, (one) => one.task)) {
    const known = details[task];
    details[task] = known ? { ...known, ...reasonOf(own), ...functionOf(own) } : detailOf(own);
  }
  return details;
}

const detailOfMap = ({ startedAt, endedAt, items, failed }: MapRunItems): TaskDetail => ({
  attempts: 1,
  startedAt: startedAt.toISOString(),
  ...(endedAt && { endedAt: endedAt.toISOString() }),
  items,
  ...(failed > 0 && { failedItems: failed }),
});

function detailOf(tries: readonly Try[]): TaskDetail {
  const lasts = [...new Map(tries.map((one) => [one.index, one])).values()];
  const isMapped = lasts.some(({ index }) => index !== undefined);
  const failed = lasts.filter(({ state }) => state === 'failed').length;
  const ends = lasts.map(({ endedAt }) => endedAt?.getTime());
  const isOpen = ends.includes(undefined);
  return {
    attempts: Math.max(...tries.map(({ attempt }) => attempt)),
    startedAt: new Date(Math.min(...tries.map(({ startedAt }) => startedAt.getTime()))).toISOString(),
    ...(!isOpen && { endedAt: new Date(Math.max(...ends.map(Number))).toISOString() }),
    ...rowsOf(lasts),
    ...(isMapped && { items: lasts.length, ...(failed > 0 && { failedItems: failed }) }),
    ...reasonOf(lasts),
    ...functionOf(lasts),
  };
}

const counted = z.object({ rows: z.number() });

function rowsOf(lasts: readonly Try[]) {
  const rows = lasts.flatMap(({ output }) => counted.safeParse(output).data?.rows ?? []);
  return rows.length > 0 ? { rows: rows.reduce((sum, one) => sum + one) } : {};
}

/** Of several items, why the first one failed. */
function reasonOf(lasts: readonly Try[]) {
  const unsuccessful = lasts.filter(({ state }) => state !== 'success' && state !== 'running');
  const one = unsuccessful.find(({ state }) => state === 'failed') ?? unsuccessful[0];
  if (!one) return {};
  const item = one.index === undefined ? '' : `item ${one.index}: `;
  const why = [one.state === 'failed' ? one.error : undefined, one.cause].filter(Boolean).join(': ');
  const text = `${item}${why}`;
  return { reason: text.length > REASON ? `${text.slice(0, REASON)}…` : text };
}

function functionOf(lasts: readonly Try[]) {
  const functionName = lasts.find((one) => one.functionName !== '')?.functionName;
  return functionName === undefined ? {} : { functionName };
}
