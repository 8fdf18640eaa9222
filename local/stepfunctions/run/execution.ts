import type { Child, ChildStart } from '../activation/children.ts';
import { Frame, type Surroundings } from '../activation/frame.ts';
import type { Machine } from '../definition/machine.ts';
import { Aborted, OVER, StateFailure } from '../errors.ts';
import { type EventContent, failureOf, inputOf, outputOf } from '../history/events.ts';
import { History } from '../history/history.ts';
import { type Json, written } from '../json.ts';
import type { EndStatus, ExecutionRecord, Failure } from '../records/execution.ts';
import type { MapRunRecord } from '../records/map-run.ts';
import { runStates } from './run-states.ts';

/** What an execution runs: a state machine, or the processor of a distributed Map as if it were one. */
export interface Runnable {
  stateMachineArn: string;
  name: string;
  roleArn: string;
  machine: Pick<Machine, 'StartAt' | 'States' | 'TimeoutSeconds'>;
}

/** A state machine as it was created. */
export interface StateMachine extends Runnable {
  machine: Machine;
  creationDate: Date;
  definition: string;
}

/** What an execution is started with; `input` is JSON text. */
export type Start = Pick<ExecutionRecord, 'executionArn' | 'name' | 'input' | 'mapRunArn' | 'itemCount'>;

interface Deps extends Pick<Surroundings, 'clock' | 'invoke' | 'objects' | 'openCallback' | 'region'> {
  /** Starts an execution of what this one runs inside a distributed Map. */
  startChild: (parent: Runnable, child: ChildStart) => Child;
  keepMapRun: (mapRun: MapRunRecord) => void;
  onChange: (record: ExecutionRecord) => void;
}

const END_EVENTS: Record<EndStatus, string> = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
};

/** One run of a state machine. It starts with `start` and ends exactly once. */
export class Execution {
  readonly record: ExecutionRecord;
  readonly #runs: Runnable;
  readonly #deps: Deps;
  readonly #history: History;
  readonly #frame: Frame;
  readonly #abort = new AbortController();
  readonly #ended = Promise.withResolvers<void>();

  constructor(runs: Runnable, start: Start, deps: Deps) {
    this.#runs = runs;
    this.#deps = deps;
    this.#history = new History(deps.clock);
    const { stateMachineArn } = runs;
    this.record = { ...start, stateMachineArn, status: 'RUNNING', startDate: deps.clock.now() };
    const { startChild, keepMapRun, onChange: _, ...around } = deps;
    const children = { start: (child: ChildStart) => startChild(runs, child), keep: keepMapRun };
    const context = this.#context();
    this.#frame = new Frame(
      { ...around, children, context, runStates, history: this.#history },
      { signal: this.#abort.signal },
    );
  }

  get events() {
    return this.#history.events;
  }

  /** Resolves when the execution has ended, however it did. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  start(): void {
    this.#deps.onChange(this.record);
    const { roleArn } = this.#runs;
    const executionStartedEventDetails = { ...inputOf(this.record.input), roleArn };
    this.#history.add('ExecutionStarted', 0, { executionStartedEventDetails });
    void this.#run();
    void this.#expire();
  }

  stop(failure: Failure): void {
    this.#end('ABORTED', failure, { executionAbortedEventDetails: failureOf(failure) });
  }

  async #run(): Promise<void> {
    try {
      const input = written(JSON.parse(this.record.input) as Json);
      const { json: output } = await runStates(this.#frame, this.#runs.machine, input);
      this.#end('SUCCEEDED', { output }, { executionSucceededEventDetails: outputOf(output) });
    } catch (error) {
      if (error instanceof Aborted) return;
      const failure = failureOf(error instanceof StateFailure ? error : interpreterFailure(error));
      this.#end('FAILED', failure, { executionFailedEventDetails: failure });
    }
  }

  async #expire(): Promise<void> {
    const { TimeoutSeconds: seconds } = this.#runs.machine;
    if (seconds === undefined) return;
    try {
      await this.#deps.clock.sleep(seconds * 1000, this.#abort.signal);
    } catch (error) {
      if (error instanceof Aborted) return;
      throw error;
    }
    const failure = { error: 'States.Timeout' };
    this.#end('TIMED_OUT', failure, { executionTimedOutEventDetails: failure });
  }

  #end(status: EndStatus, result: Partial<ExecutionRecord>, content: EventContent): void {
    if (this.record.status !== 'RUNNING') return;
    this.#history.close(END_EVENTS[status], this.#frame.previousEventId, content);
    Object.assign(this.record, result, { status, stopDate: this.#deps.clock.now() });
    this.#abort.abort(OVER);
    this.#ended.resolve();
    this.#deps.onChange(this.record);
  }

  #context() {
    const { executionArn, name, input, startDate } = this.record;
    const { stateMachineArn, name: machineName, roleArn } = this.#runs;
    return {
      Execution: {
        Id: executionArn,
        Input: JSON.parse(input) as Json,
        Name: name,
        RoleArn: roleArn,
        StartTime: startDate.toISOString(),
        RedriveCount: 0,
      },
      StateMachine: { Id: stateMachineArn, Name: machineName },
    };
  }
}

const interpreterFailure = (error: unknown): Failure => ({
  error: 'States.Runtime',
  cause: `The interpreter itself failed: ${error instanceof Error ? error.stack : error}`,
});
