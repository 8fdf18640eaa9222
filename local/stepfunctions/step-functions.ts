import { randomUUID } from 'node:crypto';
import type { ChildStart } from './activation/children.ts';
import type { Invoke } from './activation/invoke.ts';
import { NO_OBJECTS, type Objects } from './activation/objects.ts';
import { Callbacks } from './api/callbacks.ts';
import { checkInput, checkName, required } from './api/checks.ts';
import { MapRuns } from './api/map-runs.ts';
import { page } from './api/pages.ts';
import type {
  CreateStateMachineInput,
  DescribeExecutionInput,
  DescribeStateMachineInput,
  GetExecutionHistoryInput,
  ListExecutionsInput,
  Paged,
  StartExecutionInput,
  StopExecutionInput,
  UpdateStateMachineInput,
} from './api/requests.ts';
import { executionArn, machineName, type Place, stateMachineArn } from './arns.ts';
import { type Clock, realClock } from './clock.ts';
import { parseDefinition } from './definition/parse.ts';
import { ApiError } from './errors.ts';
import { type HistoryEvent, withoutData } from './history/events.ts';
import { type ExecutionRecord, type StatusChange, statusChange } from './records/execution.ts';
import type { MapRunRecord } from './records/map-run.ts';
import { Execution, type Runnable, type Start, type StateMachine } from './run/execution.ts';

export interface StepFunctionsOptions extends Place {
  /** Carries out the work of Task states. */
  invoke: Invoke;
  /** S3 for the items and results of distributed Maps; without it they can have neither. */
  objects?: Objects;
  /** The real clock when absent. */
  clock?: Clock;
  /** Called when an execution has started and when it has ended; must not throw. */
  onStatusChange?: (change: StatusChange) => void;
}

/** An ended execution. It survives JSON: dates come back from their ISO texts. */
export interface EndedExecution {
  record: ExecutionRecord;
  events: HistoryEvent[];
  /** Those that it has started. */
  mapRuns?: MapRunRecord[];
}

type Kept = Pick<Execution, 'record' | 'events' | 'ended' | 'stop'>;

/**
 * Step Functions in this process: standard state machines whose states are JSONata.
 *
 * @example
 * const sfn = new StepFunctions({ accountId: '000000000000', region: 'us-east-1', invoke: async ({ arguments: a }) => a });
 * const { stateMachineArn } = sfn.operations.CreateStateMachine({ name, definition, roleArn });
 * const { executionArn } = sfn.operations.StartExecution({ stateMachineArn, input: '{}' });
 * const { status, output } = await sfn.finished(executionArn);
 */
export class StepFunctions {
  readonly #options: StepFunctionsOptions;
  readonly #clock: Clock;
  readonly #machines = new Map<string, StateMachine>();
  readonly #executions = new Map<string, Kept>();
  readonly #mapRuns = new MapRuns();
  readonly #callbacks = new Callbacks((arn) => this.#executions.has(arn));

  constructor(options: StepFunctionsOptions) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
  }

  /**
   * The API by operation name. Inputs and outputs are those of the AWS API, timestamps are Dates;
   * errors have the AWS error code as `name`.
   */
  readonly operations = {
    CreateStateMachine: (input: CreateStateMachineInput) => this.#createStateMachine(input),
    UpdateStateMachine: (input: UpdateStateMachineInput) => this.#updateStateMachine(input),
    DescribeStateMachine: (input: DescribeStateMachineInput) => this.#describeStateMachine(input),
    ListStateMachines: (input: Paged) => this.#listStateMachines(input),
    StartExecution: (input: StartExecutionInput) => this.#startExecution(input),
    DescribeExecution: (input: DescribeExecutionInput) => describe(this.#execution(input).record),
    GetExecutionHistory: (input: GetExecutionHistoryInput) => this.#getExecutionHistory(input),
    ListExecutions: (input: ListExecutionsInput) => this.#listExecutions(input),
    StopExecution: (input: StopExecutionInput) => this.#stopExecution(input),
    ...this.#mapRuns.operations,
    ...this.#callbacks.operations,
  };

  /** Waits until the execution has ended and describes it. */
  async finished(arn: string): Promise<ReturnType<typeof describe>> {
    const execution = this.#execution({ executionArn: arn });
    await execution.ended;
    return describe(execution.record);
  }

  /** The ended executions, to be kept as JSON and given to `restore` later. */
  executions(): EndedExecution[] {
    return [...this.#executions.keys()].flatMap((arn) => this.endedExecution(arn) ?? []);
  }

  /** One execution as `executions` gives it; undefined while it runs or where it is unknown. */
  endedExecution(arn: string): EndedExecution | undefined {
    const execution = this.#executions.get(arn);
    if (!execution || execution.record.status === 'RUNNING') return undefined;
    return { record: execution.record, events: execution.events, mapRuns: this.#mapRuns.of(arn) };
  }

  /** Takes back ended executions, read from the JSON of `executions()`. */
  restore(ended: EndedExecution[]): void {
    for (const { record, events, mapRuns } of ended) {
      this.#executions.set(record.executionArn, {
        record: withDates(record),
        events: events.map((event) => ({ ...event, timestamp: new Date(event.timestamp) })),
        ended: Promise.resolve(),
        stop: () => {},
      });
      for (const mapRun of mapRuns ?? []) this.#mapRuns.keep(withDates(mapRun));
    }
  }

  #createStateMachine(input: CreateStateMachineInput) {
    const name = checkName(required(input, 'name'));
    const definition = required(input, 'definition');
    const roleArn = required(input, 'roleArn');
    if ((input.type ?? 'STANDARD') !== 'STANDARD') {
      throw new ApiError(
        'StateMachineTypeNotSupported',
        `'${name}' is ${input.type}; only STANDARD machines run here.`,
      );
    }
    const arn = stateMachineArn(this.#options, name);
    const existing = this.#machines.get(arn);
    if (existing && (existing.definition !== definition || existing.roleArn !== roleArn)) {
      throw new ApiError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
    }
    const creationDate = existing?.creationDate ?? this.#clock.now();
    const machine = existing?.machine ?? parseDefinition(definition);
    this.#machines.set(arn, { stateMachineArn: arn, name, roleArn, creationDate, definition, machine });
    return { stateMachineArn: arn, creationDate };
  }

  /** Executions that run go on with the definition that they began with. */
  #updateStateMachine(input: UpdateStateMachineInput) {
    const existing = this.#machine(input);
    const { definition = existing.definition, roleArn = existing.roleArn } = input;
    const machine = definition === existing.definition ? existing.machine : parseDefinition(definition);
    this.#machines.set(existing.stateMachineArn, { ...existing, definition, roleArn, machine });
    return { updateDate: this.#clock.now() };
  }

  #describeStateMachine(input: DescribeStateMachineInput) {
    const { machine: _, ...description } = this.#machine(input);
    return { ...description, status: 'ACTIVE', type: 'STANDARD' };
  }

  #listStateMachines(input: Paged) {
    const { found, ...rest } = page([...this.#machines.values()], input);
    const stateMachines = found.map(({ stateMachineArn: arn, name, creationDate }) => ({
      stateMachineArn: arn,
      name,
      type: 'STANDARD',
      creationDate,
    }));
    return { stateMachines, ...rest };
  }

  #startExecution(input: StartExecutionInput) {
    const machine = this.#machine(input);
    const name = checkName(input.name ?? randomUUID());
    const text = checkInput(input.input ?? '{}');
    const arn = executionArn(machine.stateMachineArn, name);
    const existing = this.#executions.get(arn)?.record;
    if (existing && (existing.status !== 'RUNNING' || existing.input !== text)) {
      throw new ApiError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    if (existing) return { executionArn: arn, startDate: existing.startDate };
    const execution = this.#start(machine, { executionArn: arn, name, input: text });
    return { executionArn: arn, startDate: execution.record.startDate };
  }

  #start(runs: Runnable, start: Start): Execution {
    const { invoke, objects = NO_OBJECTS, region, onStatusChange } = this.#options;
    const execution = new Execution(runs, start, {
      clock: this.#clock,
      invoke,
      objects,
      region,
      openCallback: (arn) => this.#callbacks.open(arn),
      startChild: (parent, child) => this.#startChild(parent, child),
      keepMapRun: (mapRun) => this.#mapRuns.keep(mapRun),
      onChange: (record) => onStatusChange?.(statusChange(record)),
    });
    this.#executions.set(start.executionArn, execution);
    execution.start();
    return execution;
  }

  #startChild({ roleArn }: Runnable, { processor, input, itemCount, mapRun }: ChildStart): Execution {
    const { stateMachineArn, mapRunArn } = mapRun;
    const name = randomUUID();
    return this.#start(
      { stateMachineArn, name: machineName(stateMachineArn), roleArn, machine: processor },
      { executionArn: executionArn(stateMachineArn, name), name, input, mapRunArn, itemCount },
    );
  }

  #getExecutionHistory(input: GetExecutionHistoryInput) {
    const { reverseOrder: reverse, maxResults, nextToken, includeExecutionData = true } = input;
    const { found, ...rest } = page(this.#execution(input).events, { reverse, maxResults, nextToken });
    return { events: includeExecutionData ? found : found.map(withoutData), ...rest };
  }

  #listExecutions(input: ListExecutionsInput) {
    const { statusFilter, maxResults, nextToken } = input;
    const belongs = this.#belonging(input);
    const records = [...this.#executions.values()].map(({ record }) => record);
    const wanted = (record: ExecutionRecord) =>
      belongs(record) && (statusFilter === undefined || record.status === statusFilter);
    const { found, ...rest } = page(records, { maxResults, nextToken, reverse: true }, wanted);
    return { executions: found.map(listItem), ...rest };
  }

  #belonging(input: ListExecutionsInput): (record: ExecutionRecord) => boolean {
    if ((input.stateMachineArn === undefined) === (input.mapRunArn === undefined)) {
      throw new ApiError('ValidationException', 'Must specify exactly one of stateMachineArn and mapRunArn');
    }
    if (input.mapRunArn === undefined) {
      const { stateMachineArn: arn } = this.#machine(input);
      return (record) => record.stateMachineArn === arn;
    }
    const { mapRunArn: arn } = this.#mapRuns.find(input);
    return (record) => record.mapRunArn === arn;
  }

  #stopExecution(input: StopExecutionInput) {
    const { error, cause } = input;
    const execution = this.#execution(input);
    execution.stop({ ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) });
    return { stopDate: execution.record.stopDate };
  }

  #machine(input: { stateMachineArn?: string }): StateMachine {
    const arn = required(input, 'stateMachineArn');
    const machine = this.#machines.get(arn);
    if (machine) return machine;
    throw new ApiError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  }

  #execution(input: { executionArn: string }): Kept {
    const arn = required(input, 'executionArn');
    const execution = this.#executions.get(arn);
    if (execution) return execution;
    throw new ApiError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  }
}

const included = { included: true };

/** Dates that have come back from JSON as texts. */
const withDates = <T extends { startDate: Date; stopDate?: Date }>(record: T): T => ({
  ...record,
  startDate: new Date(record.startDate),
  ...(record.stopDate && { stopDate: new Date(record.stopDate) }),
});

const describe = ({ itemCount: _, ...record }: ExecutionRecord) => ({
  ...record,
  inputDetails: included,
  ...(record.output !== undefined && { outputDetails: included }),
  redriveCount: 0,
});

const listItem = ({ input: _, output: __, error: ___, cause: ____, ...item }: ExecutionRecord) => ({
  ...item,
  redriveCount: 0,
});
