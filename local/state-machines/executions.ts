/** Keeps executions beyond the process: one file each, written when it starts and when it has ended. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readState, writeState } from '../machine/state-file.ts';
import type { EndedExecution, StatusChange, StepFunctions } from '../stepfunctions/index.ts';

const LOST = { error: 'States.Runtime', cause: 'The embedded AWS ended while this execution was running.' };

export class Executions {
  readonly #directory: string;

  /** @param directory gets `<state machine>/<execution>.json` */
  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  /** Writes what is known of an execution that has started or ended. */
  keep(stepFunctions: StepFunctions, change: StatusChange): void {
    this.#write(stepFunctions.endedExecution(change.executionArn) ?? started(change));
  }

  /**
   * Hands over every execution, in the order in which they started; those that were cut off are aborted.
   * @returns the ARNs of these
   */
  restore(stepFunctions: StepFunctions): string[] {
    const lost: string[] = [];
    const files = readdirSync(this.#directory, { recursive: true, encoding: 'utf8' });
    const executions = files
      .filter((file) => file.endsWith('.json'))
      .map((file) => readState<EndedExecution>(join(this.#directory, file)))
      .filter((execution) => execution !== undefined)
      .map((execution) => {
        if (execution.record.status !== 'RUNNING') return execution;
        lost.push(execution.record.executionArn);
        return this.#abort(execution);
      });
    const startOf = ({ record }: EndedExecution) => new Date(record.startDate).getTime();
    stepFunctions.restore(executions.sort((one, other) => startOf(one) - startOf(other)));
    return lost;
  }

  #abort(kept: EndedExecution): EndedExecution {
    const { record } = kept;
    const ended: EndedExecution = { ...kept, record: { ...record, ...LOST, status: 'ABORTED', stopDate: new Date() } };
    this.#write(ended);
    return ended;
  }

  #write(execution: EndedExecution): void {
    const { stateMachineArn, name } = execution.record;
    const directory = join(this.#directory, stateMachineArn.split(':').at(-1) ?? '');
    mkdirSync(directory, { recursive: true });
    writeState(join(directory, `${name}.json`), execution);
  }
}

const started = ({ executionArn, stateMachineArn, name, status, startDate, input }: StatusChange): EndedExecution => ({
  record: { executionArn, stateMachineArn, name, status, startDate: new Date(startDate), input },
  events: [],
});
