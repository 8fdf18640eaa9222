import {
  type HistoryEvent,
  type Invoke,
  type Objects,
  StepFunctions,
  VirtualClock,
} from '#local/stepfunctions/index.ts';

export const START = new Date('2026-01-01T00:00:00.000Z');
export const LAMBDA = 'arn:aws:states:::lambda:invoke';
const ROLE = 'arn:aws:iam::000000000000:role/test';

interface Run {
  input?: unknown;
  invoke?: Invoke;
  clock?: VirtualClock;
  objects?: Objects;
  machine?: Record<string, unknown>;
}

const refuse: Invoke = () => Promise.reject(new Error('no task was expected'));

/** A service in virtual time. */
export function service(options: { invoke?: Invoke; clock?: VirtualClock; objects?: Objects } = {}) {
  const { invoke = refuse, clock = new VirtualClock(START), objects } = options;
  return new StepFunctions({
    accountId: '000000000000',
    region: 'us-east-1',
    clock,
    invoke,
    ...(objects && { objects }),
  });
}

export const definitionOf = (states: Record<string, unknown>, machine = {}): string =>
  JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...machine });

export const create = (sfn: StepFunctions, definition: string, name = 'machine') =>
  sfn.operations.CreateStateMachine({ name, definition, roleArn: ROLE }).stateMachineArn;

/** Runs the states from the first on, in virtual time, and gives how it ended and what its history tells. */
export async function run(states: Record<string, unknown>, options: Run = {}) {
  const clock = options.clock ?? new VirtualClock(START);
  const sfn = service({ ...options, clock });
  const stateMachineArn = create(sfn, definitionOf(states, options.machine));
  const input = JSON.stringify(options.input ?? {});
  const { executionArn } = sfn.operations.StartExecution({ stateMachineArn, input });
  const { status, output, error, cause } = await sfn.finished(executionArn);
  const { events } = sfn.operations.GetExecutionHistory({ executionArn, maxResults: 1000 });
  return {
    sfn,
    executionArn,
    status,
    output: output === undefined ? undefined : JSON.parse(output),
    error,
    cause,
    events,
    types: events.map(({ type }) => type),
    seconds: (clock.now().getTime() - START.getTime()) / 1000,
  };
}

export const eventOf = (events: HistoryEvent[], type: string): HistoryEvent => {
  const event = events.find((candidate) => candidate.type === type);
  if (!event) throw new Error(`no ${type} among ${events.map((candidate) => candidate.type)}`);
  return event;
};

export const task = (fields: Record<string, unknown> = {}) => ({
  Type: 'Task',
  Resource: LAMBDA,
  Arguments: {},
  End: true,
  ...fields,
});

/** Fails with the given errors in turn, then succeeds with `result`. */
export function failing(errors: string[], result: unknown = 'done'): Invoke {
  const left = [...errors];
  return () => {
    const error = left.shift();
    return error === undefined ? Promise.resolve(result) : Promise.reject({ error, cause: `cause of ${error}` });
  };
}
