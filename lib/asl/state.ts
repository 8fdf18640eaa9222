/** The single states. Statuses travel as the states' input and output: `{ "<task id>": "success" | "failed" }`. */
import type { GraphTask } from '#lib/dag/index.ts';
import { embed, expressionOf, literal, type Read, template } from './jsonata.ts';
import { retriesOf } from './retry.ts';

export type State = { readonly Type: string; readonly [field: string]: unknown };
export interface States {
  readonly StartAt: string;
  readonly States: Record<string, State>;
}

/** What a function of a pipeline may take: Lambda's most. A state waits longer, so an attempt is dead before its retry. */
export const FUNCTION_TIMEOUT_SECONDS = 900;
const STATE_TIMEOUT_SECONDS = FUNCTION_TIMEOUT_SECONDS + 60;

/** Where a state leads: on, or where a failure leads. */
export interface Ways {
  readonly next: string;
  readonly failed: string;
}

interface Placed extends Ways {
  readonly functionArn: string;
  readonly read: Read;
  /** The variable for the output, where somebody takes it. */
  readonly variable: string | undefined;
}

const FAILED = embed('"failed"');
const SUCCEEDED = embed('"success"');

const merged = (taskId: string, status: string): string =>
  embed(`$merge([$states.input, {${literal(taskId)}: ${status}}])`);
const succeeded = (taskId: string): string => merged(taskId, '"success"');

const catchAll = (Output: string, Next: string) => [{ ErrorEquals: ['States.ALL'], Output, Next }];

export const invoke = (functionArn: string, payload: object): State => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  TimeoutSeconds: STATE_TIMEOUT_SECONDS,
  Arguments: { FunctionName: functionArn, Payload: payload },
});

const invokeFor = (task: GraphTask, { functionArn, read }: Placed): State => ({
  ...invoke(functionArn, {
    run: embed('$run'),
    task: {
      id: task.id,
      ...(task.map && { index: embed('$states.input.index') }),
      attempt: embed('$states.context.State.RetryCount + 1'),
    },
    input: template(task.input, read),
  }),
  Retry: retriesOf(task),
});

export const taskState = (task: GraphTask, placed: Placed): State => ({
  ...invokeFor(task, placed),
  Catch: catchAll(merged(task.id, '"failed"'), placed.failed),
  ...(placed.variable && { Assign: { [placed.variable]: embed('$states.result.Payload') } }),
  Output: succeeded(task.id),
  Next: placed.next,
});

/** Each item catches its own failure, so that the others go on; the join behind decides by the task's status. */
export function mapState(task: GraphTask & { map: object }, placed: Placed): State {
  const [item, ended] = [`Item of ${task.id}`, `End of item of ${task.id}`];
  return {
    Type: 'Map',
    Items: itemsOf(task, placed.read),
    ItemSelector: {
      index: embed('$states.context.Map.Item.Index'),
      item: embed('$states.context.Map.Item.Value'),
    },
    MaxConcurrency: task.map.maxConcurrency,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'INLINE' },
      StartAt: item,
      States: {
        [item]: { ...invokeFor(task, placed), Catch: catchAll(FAILED, ended), Output: SUCCEEDED, Next: ended },
        [ended]: { Type: 'Succeed' },
      },
    },
    Catch: catchAll(merged(task.id, '"failed"'), placed.failed),
    ...(placed.variable && { Assign: { [placed.variable]: embed('$count($states.result)') } }),
    Output: merged(task.id, '"failed" in $states.result ? "failed" : "success"'),
    Next: placed.next,
  };
}

/** The list, or an error that says what is wrong where it is longer than its limit. */
function itemsOf(task: GraphTask & { map: object }, read: Read): string {
  const list = expressionOf(task.map.over, read);
  const { maxItems } = task.map;
  const told = `${literal(`${task.id} has `)} & $count(${list}) & ${literal(` items, more than its maxItems: ${maxItems}`)}`;
  return embed(`$count(${list}) > ${maxItems} ? $error(${told}) : ${list}`);
}

export const passState = (task: GraphTask, { next }: Ways): State => ({
  Type: 'Pass',
  Output: succeeded(task.id),
  Next: next,
});

/** Goes on where nothing failed. An `empty` that joins is this state itself. */
export const joinState = (empty: GraphTask | undefined, { next, failed }: Ways): State => ({
  Type: 'Choice',
  Choices: [
    {
      Condition: embed('$not("failed" in $states.input.*)'),
      ...(empty && { Output: succeeded(empty.id) }),
      Next: next,
    },
  ],
  Default: failed,
});
