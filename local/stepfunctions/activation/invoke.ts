import type { Json, JsonObject } from '../json.ts';

/** One attempt of a Task, as handed to the integration. */
export interface Task {
  /** A function's ARN or e.g. `arn:aws:states:::lambda:invoke`: the state's Resource without `.waitForTaskToken`. */
  resource: string;
  /** The state's Arguments, evaluated; its input where it has none. */
  arguments: Json;
  stateName: string;
  /** The context object at the start of the attempt. */
  context: JsonObject;
  /** Aborts when nobody waits for the result any more: timeout, sibling failure, stop. */
  signal: AbortSignal;
  /** Tells that the work is alive; to be called within HeartbeatSeconds. */
  heartbeat: () => void;
  /** Tells that a job was started whose end is waited for (`.sync`), with what starting it gave. */
  submitted: (output: unknown) => void;
}

/**
 * Carries out a Task's integration. The result must be JSON (undefined counts as null). Where the Task waits for its
 * token to come back, that is the interpreter's own doing: the result is then what tells that the work was handed over.
 * To fail the Task, throw an object with strings `error` and `cause` (for a Lambda: its errorType, and its error
 * object as JSON text). Anything else thrown fails it as States.TaskFailed with the message as cause.
 */
export type Invoke = (task: Task) => Promise<unknown>;
