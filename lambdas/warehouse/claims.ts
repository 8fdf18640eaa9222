/**
 * Claims: which statement of which attempt counts. A claim names the work (run, clearing, task) and n. Everything that
 * the work does in the warehouse is named by its claim, so that an attempt which repeats another one attaches to the
 * statements that are under way. n rises only after a statement was seen to end in failure.
 *
 * The claims lie in the warehouse (`sluice.claims`, insert-only), because a transaction must see in itself whether its
 * claim still holds. Two attempts may write the same claim: it says the same twice.
 */
import { createHash } from 'node:crypto';
import type { Run, TaskOfRun } from '#lib/contract/envelope.ts';
import { Transient } from '#lib/contract/errors.ts';
import { literal } from '#lib/sql/quoting.ts';
import { createBookkeeping } from './bookkeeping.ts';
import type { Dialect } from './dialect.ts';
import { endedInFailure, type Session } from './session.ts';
import type { Warehouse } from './warehouse.ts';

/** What a task of a run does in the warehouse, in one clearing. */
export interface Work {
  readonly dagId: string;
  readonly runId: string;
  readonly clearing: number;
  /** A mapped task's item has its index: `extract[3]`. */
  readonly task: string;
}
export interface Claim extends Work {
  readonly n: number;
}

export const workOf = (run: Pick<Run, 'dagId' | 'runId' | 'clearing'>, { id, index }: TaskOfRun): Work => ({
  dagId: run.dagId,
  runId: run.runId,
  clearing: run.clearing,
  task: index === undefined ? id : `${id}[${index}]`,
});

/** Of one step of a claim's work: 64 characters, as a batch takes it. */
export const tokenOf = ({ dagId, runId, clearing, task, n }: Claim, step: string): string =>
  createHash('sha256')
    .update(JSON.stringify([dagId, runId, clearing, task, n, step]))
    .digest('hex');

/** Short, for names of staging tables and files. */
export const nameOf = (claim: Claim): string => tokenOf(claim, 'name').slice(0, 16);

/** Of the conditions below, and of statements that say whose work they are. */
export const workParameters = ({ dagId, runId, task }: Work) => ({
  sluice_dag: dagId,
  sluice_run: runId,
  sluice_task: task,
});

/** Rows of a bookkeeping table that are of this task of this run, whatever their clearing. */
export const OF_THIS_TASK = 'dag_id = :sluice_dag AND run_id = :sluice_run AND task_id = :sluice_task';

/** Stands for every task of a run. No task is called that. */
const EVERY_TASK = '*';

/** The claims that came after this one, and that a stop has put after all of its clearing: none while it holds. */
export const laterClaims = ({ clearing, n }: Claim): string =>
  `SELECT COUNT(*) AS n FROM sluice.claims
   WHERE dag_id = :sluice_dag AND run_id = :sluice_run AND task_id IN (:sluice_task, ${literal(EVERY_TASK)})
   AND (clearing > ${clearing} OR (clearing = ${clearing} AND n > ${n}))`;

/**
 * Ends all claims of a clearing: once this is done, no attempt of it can commit, whether it has claimed or not. The next
 * clearing is as free as ever. A transaction that saw its claim hold goes on; it has ended when the last batch has its lock.
 */
export async function endClaims(
  { run }: Pick<Session, 'run'>,
  dialect: Dialect,
  { dagId, runId, clearing }: Pick<Run, 'dagId' | 'runId' | 'clearing'>,
): Promise<void> {
  const doing = `Ending the claims of ${dagId} ${runId}`;
  await run({ doing, sqls: createBookkeeping(dialect) });
  await run({
    doing,
    sqls: [
      `INSERT INTO sluice.claims (dag_id, run_id, task_id, clearing, n, claimed_at)
       VALUES (:sluice_dag, :sluice_run, ${literal(EVERY_TASK)}, ${clearing + 1}, 0, ${dialect.now})`,
    ],
    parameters: { sluice_dag: dagId, sluice_run: runId },
  });
  await run({ doing, sqls: [dialect.lock('sluice.claims')] });
}

/** Fails the transaction that it stands in where the claim does not hold any more. */
export function claimGuard({ failUnlessOne }: Dialect, claim: Claim): string {
  const isHeld = `CASE WHEN later.n > 0 THEN ${literal('a later attempt took over')} ELSE '1' END`;
  return `SELECT ${failUnlessOne(isHeld)}
   FROM (${laterClaims(claim)}) AS later`;
}

type Claiming = Pick<Warehouse, 'dialect' | 'query' | 'run'>;

/**
 * Does work under the claim that holds, or a first one. Where a statement of it ended in failure, the next attempt
 * gets the next claim.
 */
export async function underClaim<T>(warehouse: Claiming, work: Work, body: (claim: Claim) => Promise<T>): Promise<T> {
  const doing = `Claiming task '${work.task}'`;
  await warehouse.run({
    doing: 'Creating the tables of schema sluice where absent',
    sqls: createBookkeeping(warehouse.dialect),
  });
  const [found] = await warehouse.query({
    doing,
    sql: `SELECT MAX(n) AS n FROM sluice.claims WHERE ${OF_THIS_TASK} AND clearing = ${work.clearing}`,
    parameters: workParameters(work),
  });
  const n = found?.['n'] ?? null;
  const claim = { ...work, n: n === null ? 1 : Number(n) };
  if (n === null) await record(warehouse, claim);
  try {
    return await body(claim);
  } catch (error) {
    if (endedInFailure(error)) await raise(warehouse, claim, error);
    throw error;
  }
}

const record = (warehouse: Claiming, claim: Claim) =>
  warehouse.run({
    doing: `Claiming task '${claim.task}'`,
    sqls: [
      `INSERT INTO sluice.claims (dag_id, run_id, task_id, clearing, n, claimed_at)
       VALUES (:sluice_dag, :sluice_run, :sluice_task, ${claim.clearing}, ${claim.n}, ${warehouse.dialect.now})`,
    ],
    parameters: workParameters(claim),
  });

async function raise(warehouse: Claiming, claim: Claim, failure: unknown): Promise<void> {
  try {
    await record(warehouse, { ...claim, n: claim.n + 1 });
  } catch (cause) {
    const found = [failure, cause].map((error) => (error instanceof Error ? error.message : String(error)));
    throw new Transient(`${found[0]} Nor could the next claim be written: ${found[1]}`, { cause: failure });
  }
}
