import { randomUUID } from 'node:crypto';
import type { Callback } from '../activation/callback.ts';
import { ApiError, TaskFailure } from '../errors.ts';
import { bytesOf, type Json } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { required } from './checks.ts';
import type { SendTaskFailureInput, SendTaskHeartbeatInput, SendTaskSuccessInput } from './requests.ts';

interface Waiting {
  callback: Callback;
  succeed: (output: Json) => void;
  fail: (failure: TaskFailure) => void;
}

/** The Tasks that wait for their token to come back. A token tells its execution, so that a late one can be told apart. */
export class Callbacks {
  readonly #waiting = new Map<string, Waiting>();
  readonly #isExecution: (arn: string) => boolean;

  constructor(isExecution: (arn: string) => boolean) {
    this.#isExecution = isExecution;
  }

  readonly operations = {
    SendTaskSuccess: (input: SendTaskSuccessInput) => {
      const output = outputOf(input);
      this.#answered(input).succeed(output);
      return {};
    },
    SendTaskFailure: (input: SendTaskFailureInput) => {
      this.#answered(input).fail(new TaskFailure(input.error, input.cause));
      return {};
    },
    SendTaskHeartbeat: (input: SendTaskHeartbeatInput) => {
      this.#find(input).callback.heartbeat();
      return {};
    },
  };

  open(executionArn: string): Callback {
    const token = Buffer.from(`${executionArn} ${randomUUID()}`).toString('base64');
    const { promise: answer, resolve: succeed, reject: fail } = Promise.withResolvers<Json>();
    // It may fail before the Task has come to wait for it.
    answer.catch(() => {});
    const callback = { token, answer, heartbeat: () => {}, close: () => void this.#waiting.delete(token) };
    this.#waiting.set(token, { callback, succeed, fail });
    return callback;
  }

  #answered(input: { taskToken: string }): Waiting {
    const waiting = this.#find(input);
    waiting.callback.close();
    return waiting;
  }

  #find(input: { taskToken: string }): Waiting {
    const token = required(input, 'taskToken');
    const waiting = this.#waiting.get(token);
    if (waiting) return waiting;
    const arn = /^(arn:\S+:execution:\S+) [0-9a-f-]{36}$/.exec(Buffer.from(token, 'base64').toString())?.[1];
    if (arn === undefined) throw new ApiError('InvalidToken', `Invalid Token: '${token}' is no task token.`);
    if (this.#isExecution(arn)) {
      throw new ApiError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
    }
    throw new ApiError('TaskDoesNotExist', `Task does not exist: there is no execution '${arn}'.`);
  }
}

function outputOf(input: SendTaskSuccessInput): Json {
  const output = required(input, 'output');
  if (bytesOf(output) > LIMITS.payloadBytes) {
    throw new ApiError(
      'InvalidOutput',
      `The output has ${bytesOf(output)} bytes, the limit is ${LIMITS.payloadBytes}.`,
    );
  }
  try {
    return JSON.parse(output) as Json;
  } catch (error) {
    throw new ApiError('InvalidOutput', `Invalid Output: not JSON: ${(error as Error).message}`);
  }
}
