import { type HistoryEvent, type Objects, StepFunctions, type Task, VirtualClock } from '#local/stepfunctions/index.ts';
import { matches, transformed } from './compare.ts';
import {
  jsonataScenarios,
  type NamedScenario,
  type Recording,
  type Scenario,
  type StateIO,
  type TaskAnswer,
} from './corpus.ts';

/** How one scenario came out against its recording; `why` tells the first difference of each kind. */
export interface Score {
  name: string;
  status: boolean;
  stateIO: boolean;
  history: boolean;
  why: string[];
}

/** Replays every JSONata scenario of a corpus on the interpreter, in virtual time. */
export async function replayCorpus(corpus: string): Promise<Score[]> {
  const scores: Score[] = [];
  for (const scenario of jsonataScenarios(corpus)) scores.push(await replay(scenario));
  return scores;
}

async function replay({ name, scenario }: NamedScenario): Promise<Score> {
  const score: Score = { name, status: true, stateIO: true, history: true, why: [] };
  for (const [i, recording] of scenario.executions.entries()) {
    const judge = (aspect: 'status' | 'stateIO' | 'history', recorded: unknown, actual: unknown) => {
      if (matches(recorded, actual)) return;
      score[aspect] = false;
      score.why.push(`${aspect}: recorded ${JSON.stringify(recorded)}, found ${JSON.stringify(actual)}`);
    };
    const machine = scenario.kind === 'choice-cases' ? scenario.stateMachines[i] : scenario.stateMachines.at(-1);
    const run = await execute(machine as Scenario['stateMachines'][0], recording, objectsOf(scenario));
    const { status, output, error, events } = transformed(run, scenario.transformers);
    judge('status', [recording.status, recording.output, recording.error], [status, output, error]);
    if (recording.stateIO) judge('stateIO', inOrder(recording.stateIO), inOrder(stateIO(events)));
    if (recording.eventTypes) judge('history', recording.eventTypes.toSorted(), events.map(({ type }) => type).sort());
  }
  return score;
}

async function execute({ definition, type }: Scenario['stateMachines'][0], recording: Recording, objects: Objects) {
  const answer = answers(recording);
  const sfn: StepFunctions = new StepFunctions({
    accountId: '111111111111',
    region: 'us-east-1',
    clock: new VirtualClock(),
    invoke: (task) => answer(task, sfn.operations),
    objects,
  });
  try {
    const { stateMachineArn } = sfn.operations.CreateStateMachine({
      name: 'replay',
      roleArn: 'arn:aws:iam::111111111111:role/replay',
      definition: JSON.stringify(definition),
      type,
    });
    const input = JSON.stringify(recording.input ?? recording.recordedInput);
    const { executionArn } = sfn.operations.StartExecution({ stateMachineArn, input });
    const { status, output, error } = await sfn.finished(executionArn);
    const { events } = sfn.operations.GetExecutionHistory({ executionArn, maxResults: 1000 });
    return { status, output, error, events };
  } catch (refusal) {
    return { status: 'REFUSED', output: undefined, error: String(refusal), events: [] as HistoryEvent[] };
  }
}

/** The objects that lay in S3 when the scenario was recorded. */
const objectsOf = ({ s3 }: Scenario): Objects => ({
  async get(bucket, key) {
    const object = s3?.find((candidate) => candidate.bucket === bucket && candidate.key === key);
    if (object) return Buffer.from(object.body);
    throw new Error(`The recording has no object s3://${bucket}/${key}.`);
  },
  list: () => Promise.reject(new Error('A replay lists no objects.')),
  put: () => Promise.reject(new Error('A replay writes no objects.')),
});

type Answer = (task: Task, operations: StepFunctions['operations']) => Promise<unknown>;

/** Answers each Task from the recording, in the order recorded for its state. */
function answers({ tasks = {} }: Recording): Answer {
  const left = new Map(
    Object.entries(tasks).map(([state, recorded]) => [state, recorded.filter(({ result }) => result !== undefined)]),
  );
  return async (task, operations) => {
    const answer = left.get(task.stateName)?.shift();
    if (!answer) throw new Error(`The recording has no further answer for '${task.stateName}'.`);
    const token = (task.context['Task'] as { Token: string } | undefined)?.Token;
    if (token !== undefined) return callBack(operations, token, answer);
    if (/\.sync(:2)?$/.test(task.resource)) task.submitted(null);
    const { result, output, error, cause } = answer;
    if (result?.endsWith('Succeeded')) return output;
    throw Object.assign(new Error(error), { error, cause });
  };
}

/** Sends a token back as it came back when it was recorded. One that did not come back times out here, too. */
function callBack(
  { SendTaskSuccess, SendTaskFailure }: StepFunctions['operations'],
  taskToken: string,
  { result = '', output, error, cause }: TaskAnswer,
): void {
  if (result.endsWith('Succeeded')) SendTaskSuccess({ taskToken, output: JSON.stringify(output) });
  const failure = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
  if (result.endsWith('Failed')) SendTaskFailure({ taskToken, ...failure });
}

function stateIO(events: HistoryEvent[]): StateIO[] {
  return events.flatMap<StateIO>(({ type, stateEnteredEventDetails: entered, stateExitedEventDetails: exited }) => {
    const { name, input, output, assignedVariables } = { ...entered, ...exited } as unknown as StateIO;
    if (entered) return [{ name, type, input }];
    return exited ? [{ name, type, output, ...(assignedVariables && { assignedVariables }) }] : [];
  });
}

/** Entries state by state, so that only the order within a branch counts; a state belongs to one branch. */
const inOrder = (entries: StateIO[]): StateIO[] =>
  entries.toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
