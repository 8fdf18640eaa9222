/** Compiled machines for tests: how they are made, walked and run. */
import { compile, type StateMachine } from '#lib/asl/index.ts';
import type { Waiting } from '#lib/contract/envelope.ts';
import { type ListPointer, withListed } from '#lib/contract/listed.ts';
import type { Graph, GraphTask } from '#lib/dag/index.ts';
import { StepFunctions, type Task, VirtualClock } from '#local/stepfunctions/index.ts';

export const RUN = {
  dagId: 'test',
  runId: '20260101T000000Z',
  logicalDate: '2026-01-01T00:00:00Z',
  dataInterval: { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' },
  clearing: 1,
  execution: 'arn',
  params: { list: ['x', 'y'] },
};

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:';
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:';

export const compiled = (graph: Graph): StateMachine =>
  compile(graph, {
    functionArn: (type) => `${FUNCTION}${type}`,
    begin: `${FUNCTION}begin`,
    machineArn: (pipeline) => `${MACHINE}${pipeline}`,
  });

const taskOf = (task: Partial<GraphTask> & { id: string }): GraphTask => ({
  type: 'probe',
  upstream: [],
  triggerRule: 'all_success',
  when: [],
  input: {},
  map: null,
  sensor: null,
  callback: null,
  job: null,
  grants: [],
  rights: [],
  files: [],
  retries: 0,
  retryDelaySeconds: 1,
  ...task,
});

export const graphOf = (tasks: (Partial<GraphTask> & { id: string })[], graph: Partial<Graph> = {}): Graph => ({
  id: 'test',
  schedule: null,
  timeZone: 'UTC',
  startDate: '2026-01-01',
  endDate: null,
  catchup: false,
  maxActiveRuns: 1,
  snapshot: false,
  failFast: false,
  params: {},
  paramsSchema: {},
  ...graph,
  tasks: tasks.map(taskOf),
});

/** Tasks of one graph by their edges: `{ a: [], b: ['a'] }`. */
export const edges = (upstream: Record<string, string[]>): Graph =>
  graphOf(Object.entries(upstream).map(([id, up]) => ({ id, upstream: up })));

export interface Part {
  StartAt: string;
  States: Record<string, AnyState>;
}
interface AnyState {
  Type: string;
  Next?: string;
  Default?: string;
  Choices?: { Next: string }[];
  Arguments?: unknown;
  Catch?: { Next: string }[];
  Branches?: Part[];
  ItemProcessor?: Part;
}

/** The machine and every part inside of its states. */
export const partsOf = (part: Part): Part[] => [
  part,
  ...Object.values(part.States).flatMap(({ Branches = [], ItemProcessor }) =>
    [...Branches, ...(ItemProcessor ? [ItemProcessor] : [])].flatMap(partsOf),
  ),
];

/** Every state by name and type, those inside of others included. */
export const statesOf = (machine: unknown): [string, string][] =>
  partsOf(machine as Part).flatMap(({ States }) =>
    Object.entries(States).map(([name, { Type }]): [string, string] => [name, Type]),
  );

export const nextsOf = ({ Next, Default, Choices = [], Catch = [] }: AnyState): string[] =>
  [Next, Default, ...[...Choices, ...Catch].map((way) => way.Next)].filter((name) => name !== undefined);

/** What a function is given. */
export interface Payload {
  task: { id: string; index?: number; attempt: number; sensor?: Waiting; listed?: ListPointer[]; token?: string };
  input: unknown;
  run: typeof RUN;
}

interface Given {
  readonly answer: (payload: Payload, now: Date) => unknown;
  /** How long each task's function takes, in virtual seconds; none by default. */
  readonly takes?: number;
  readonly begin?: () => unknown;
  readonly input?: object;
  readonly params?: object;
}

/**
 * Runs a graph's machine on virtual time. `answer` gives a task's output, or throws `{ error, cause }`; `begin` the run.
 */
export const execute = (graph: Graph, given: Given) => machineOf(graph)(given);

/** A graph's machine, to be run as often as one likes. */
export function machineOf(graph: Graph) {
  let now: Given & { calls: Payload[] };
  const clock = new VirtualClock();
  const ledger = new Map<string, string>();
  const sfn = new StepFunctions({
    accountId: '000000000000',
    region: 'us-east-1',
    clock,
    objects: {
      get: async (_, key) => Buffer.from(ledger.get(key) ?? ''),
      list: async () => [],
      put: async () => {},
    },
    invoke: async (task) => {
      const { FunctionName, Payload } = task.arguments as unknown as { FunctionName?: string; Payload: Payload };
      if (FunctionName === undefined) return answered(jobOf(task), task) as Promise<object>;
      if (FunctionName === `${FUNCTION}begin`) return { Payload: await begun(Payload, now) };
      const output = await answered(Payload, task);
      const { id, listed = [], token } = Payload.task;
      if (token !== undefined) sfn.operations.SendTaskSuccess({ taskToken: token, output: JSON.stringify(output) });
      if (listed.length > 0) ledger.set(id, JSON.stringify({ output }));
      return { Payload: withListed(output, listed, { bucket: 'lake', key: id }) };
    },
  });
  const answered = async (payload: Payload, { signal }: Task) => {
    now.calls.push(payload);
    if (now.takes) await clock.sleep(now.takes * 1000, signal);
    return now.answer(payload, clock.now());
  };
  const definition = JSON.stringify(compiled(graph));
  const { stateMachineArn } = sfn.operations.CreateStateMachine({ name: 'test', definition, roleArn: 'arn:role' });
  return async (given: Given) => {
    now = { ...given, calls: [] };
    const input = JSON.stringify(given.input ?? {});
    const { executionArn } = sfn.operations.StartExecution({ stateMachineArn, input });
    const { status, output, error, cause } = await sfn.finished(executionArn);
    const events = sfn.operations.GetExecutionHistory({ executionArn, maxResults: 1000 }).events;
    const mapRuns = sfn.operations.ListMapRuns({ executionArn }).mapRuns;
    const { calls } = now;
    const told = { status, output: output === undefined ? undefined : JSON.parse(output), error, cause };
    const childEvents = () =>
      mapRuns
        .flatMap(({ mapRunArn }) => sfn.operations.ListExecutions({ mapRunArn, maxResults: 1000 }).executions)
        .flatMap((child) => sfn.operations.GetExecutionHistory({ ...child, maxResults: 1000 }).events);
    return {
      ...told,
      executionArn,
      calls,
      events,
      childEvents,
      mapRuns: mapRuns.map((run) => sfn.operations.DescribeMapRun(run)),
    };
  };
}

/** What begin gives of a run. */
const begun = (event: unknown, { begin, params }: Given): unknown =>
  begin ? (begin as (event: unknown) => unknown)(event) : { ...RUN, ...(params && { params }) };

/** What a service is given of a job, as a function would be. */
const jobOf = ({ stateName, arguments: input }: Task): Payload => ({
  task: { id: stateName, attempt: 1, token: 'job' },
  input,
  run: RUN,
});

/** The statuses of all tasks as a run tells them: its output, or its cause. */
export const statusesOf = ({ output, cause }: { output: unknown; cause: string | undefined }): unknown =>
  output ?? JSON.parse(cause ?? '{}');
