/** Keeps executions beyond the process: one file each, written when it starts and when it has ended. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { EmbeddedAwsError } from '../machine/errors.ts';
import { readOrSetAside, writeState } from '../machine/state-file.ts';
import type { EndedExecution, StatusChange, StepFunctions } from '../stepfunctions/index.ts';

const LOST = { error: 'States.Runtime', cause: 'The embedded AWS ended while this execution was running.' };

const date = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'is no date');
const dates = { startDate: date, stopDate: date.optional() };
/** As far as anything here relies on it. */
const executionSchema = z.object({
  record: z.looseObject({
    executionArn: z.string(),
    stateMachineArn: z.string(),
    name: z.string(),
    status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
    ...dates,
  }),
  events: z.array(z.looseObject({ id: z.number(), type: z.string(), timestamp: date })),
  mapRuns: z.array(z.looseObject({ mapRunArn: z.string(), executionArn: z.string(), ...dates })).optional(),
});

export class Executions {
  readonly #directory: string;

  /** @param directory gets `<state machine>/<execution>.json` */
  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  /** Writes what is known of an execution that has started or ended. One that cannot be written goes on without. */
  keep(stepFunctions: StepFunctions, change: StatusChange): void {
    try {
      this.#write(stepFunctions.endedExecution(change.executionArn) ?? started(change));
    } catch (error) {
      if (!(error instanceof EmbeddedAwsError)) throw error;
      console.error(`The history of the execution ${change.name} is not kept: ${error.message}`);
    }
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
      .map((file) => readExecution(join(this.#directory, file)))
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

  /** One execution, as it was left: one that was cut off has been aborted. Undefined where it is not known. */
  read(executionArn: string): EndedExecution | undefined {
    const [machine = '', name = ''] = executionArn.split(':').slice(-2);
    const kept = readExecution(join(this.#directory, machine, `${name}.json`));
    return kept && (kept.record.status === 'RUNNING' ? aborted(kept) : kept);
  }

  #abort(kept: EndedExecution): EndedExecution {
    const ended = aborted(kept);
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

const aborted = (kept: EndedExecution): EndedExecution => ({
  ...kept,
  record: { ...kept.record, ...LOST, status: 'ABORTED', stopDate: new Date() },
});

const readExecution = (file: string): EndedExecution | undefined =>
  readOrSetAside({
    file,
    schema: executionSchema,
    holds: 'the history of an execution',
    wayOut: 'That history is lost, and nothing else.',
  }) as EndedExecution | undefined;

const started = ({ executionArn, stateMachineArn, name, status, startDate, input }: StatusChange): EndedExecution => ({
  record: { executionArn, stateMachineArn, name, status, startDate: new Date(startDate), input },
  events: [],
});
