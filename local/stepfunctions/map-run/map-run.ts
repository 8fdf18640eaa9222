import { createHash, randomUUID } from 'node:crypto';
import type { Activation } from '../activation/activation.ts';
import type { Child } from '../activation/children.ts';
import { runTogether } from '../activation/together.ts';
import type { MapState } from '../definition/machine.ts';
import type { ExecutionRecord, ExecutionStatus } from '../records/execution.ts';
import { type Counts, type MapRunRecord, noCounts } from '../records/map-run.ts';
import type { ChildInput } from './batches.ts';
import { type Tolerance, thresholdExceeded, toleratedFailures } from './tolerance.ts';

/** A child execution to be, its record once it has been started. */
export interface Member extends ChildInput {
  record?: ExecutionRecord;
}

const COUNTED_AS: Record<ExecutionStatus, keyof Counts> = {
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timedOut',
  ABORTED: 'aborted',
};

/** The run of one attempt of a distributed Map: its child executions and how they end. */
export class MapRun {
  readonly record: MapRunRecord;
  members: Member[] = [];
  readonly #activation: Activation<MapState>;
  readonly #tolerance: Tolerance;

  constructor(activation: Activation<MapState>, limits: { maxConcurrency: number; tolerance: Tolerance }) {
    this.#activation = activation;
    this.#tolerance = limits.tolerance;
    const { clock, context, children } = activation.frame.execution;
    const stateMachineArn = `${context.StateMachine['Id']}/${activation.state.Label ?? labelOf(activation.name)}`;
    this.record = {
      mapRunArn: `${stateMachineArn.replace(':stateMachine:', ':mapRun:')}:${randomUUID()}`,
      executionArn: String(context.Execution['Id']),
      stateMachineArn,
      status: 'RUNNING',
      startDate: clock.now(),
      maxConcurrency: limits.maxConcurrency,
      toleratedFailureCount: limits.tolerance.count ?? 0,
      toleratedFailurePercentage: limits.tolerance.percentage ?? 0,
      itemCounts: noCounts(),
      executionCounts: noCounts(),
    };
    children.keep(this.record);
  }

  /** Runs a child execution for each input. @throws {StateFailure} when more items failed than are tolerated. */
  async run(inputs: ChildInput[], concurrency: number): Promise<void> {
    this.members = inputs;
    for (const { itemCount } of inputs) this.#count(itemCount, { to: 'pending' }, { to: 'total' });
    const { itemCounts } = this.record;
    const tolerated = toleratedFailures(this.#tolerance, itemCounts.total) ?? 0;
    const jobs = this.members.map((member) => async (signal: AbortSignal) => {
      await this.#runChild(member, signal);
      signal.throwIfAborted();
      const { failed, timedOut, aborted } = itemCounts;
      if (failed + timedOut + aborted > tolerated) throw thresholdExceeded(this.#activation);
    });
    await runTogether(this.#activation.frame, jobs, concurrency);
  }

  end(status: Exclude<MapRunRecord['status'], 'RUNNING'>): void {
    this.record.status = status;
    this.record.stopDate = this.#activation.frame.execution.clock.now();
  }

  /** Notes that the results of all ended children lie in S3. */
  resultsWritten(): void {
    for (const { record, itemCount } of this.members) if (record) this.#count(itemCount, { to: 'resultsWritten' });
  }

  async #runChild(member: Member, signal: AbortSignal): Promise<void> {
    const { input, itemCount } = member;
    const processor = this.#activation.state.ItemProcessor;
    const { children } = this.#activation.frame.execution;
    const child: Child = children.start({ processor, input, itemCount, mapRun: this.record });
    member.record = child.record;
    this.#count(itemCount, { from: 'pending', to: 'running' });
    const stop = () => child.stop({});
    signal.addEventListener('abort', stop, { once: true });
    await child.ended;
    signal.removeEventListener('abort', stop);
    this.#count(itemCount, { from: 'running', to: COUNTED_AS[child.record.status] });
  }

  #count(itemCount: number, ...moves: { from?: keyof Counts; to: keyof Counts }[]): void {
    const { itemCounts, executionCounts } = this.record;
    for (const { from, to } of moves) {
      if (from) itemCounts[from] -= itemCount;
      if (from) executionCounts[from] -= 1;
      itemCounts[to] += itemCount;
      executionCounts[to] += 1;
    }
  }
}

/** AWS makes one up too; the same for the same state, so that its child executions share a state machine's ARN. */
const labelOf = (stateName: string): string => createHash('sha256').update(stateName).digest('hex').slice(0, 32);
