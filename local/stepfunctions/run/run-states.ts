import { Activation, type Outcome } from '../activation/activation.ts';
import type { Frame } from '../activation/frame.ts';
import type { Catcher, State, StateSet } from '../definition/machine.ts';
import { Aborted, outward, StateFailure, TaskFailure } from '../errors.ts';
import { assignedOf, failureOf, inputOf, outputOf } from '../history/events.ts';
import { type Written, written } from '../json.ts';
import type { Behaviour } from '../states/behaviour.ts';
import { BEHAVIOURS } from '../states/behaviours.ts';
import { covers, Retries } from './retry.ts';

/** Runs states from StartAt until one ends the line, and gives its output. */
export async function runStates(frame: Frame, set: StateSet, input: Written): Promise<Written> {
  let name: string | undefined = set.StartAt;
  let data = input;
  while (name !== undefined) {
    const state: State | undefined = set.States[name];
    if (!state) throw new StateFailure('States.Runtime', `There is no state '${name}'.`);
    const outcome: Outcome = await runState(frame, { name, state }, data);
    name = outcome.next;
    data = outcome.output;
  }
  return data;
}

async function runState(frame: Frame, named: { name: string; state: State }, input: Written): Promise<Outcome> {
  frame.signal.throwIfAborted();
  const { Type: type } = named.state;
  const eventId = frame.record(`${type}StateEntered`, {
    stateEnteredEventDetails: { name: named.name, ...inputOf(input.json) },
  });
  const activation = new Activation(frame, named, { input, eventId });
  const behaviour = BEHAVIOURS[type] as Behaviour<State>;
  try {
    const outcome = await handled(activation, behaviour);
    const assigned = frame.variables.assign(outcome.assigned);
    if (type !== 'Fail') {
      const output = outputOf(outcome.output.json);
      const stateExitedEventDetails = { name: named.name, ...output, ...assignedOf(assigned) };
      frame.record(`${type}StateExited`, { stateExitedEventDetails });
    }
    return outcome;
  } catch (error) {
    if (error instanceof Aborted && behaviour.abortable) frame.recordAborted(`${type}StateAborted`);
    // Only the line of control around a Task sees that it was a Task that failed.
    throw error instanceof TaskFailure && type !== 'Task' ? outward(error) : error;
  }
}

/** The state's work with its Retry and Catch around it. */
async function handled(activation: Activation, behaviour: Behaviour<State>): Promise<Outcome> {
  const { frame, state } = activation;
  const retries = new Retries('Retry' in state ? state.Retry : []);
  for (;;) {
    try {
      return await behaviour.run(activation);
    } catch (error) {
      if (!(error instanceof StateFailure)) throw error;
      recordEvaluationFailure(activation, error);
      const seconds = retries.next(error);
      if (seconds === undefined) {
        behaviour.failed?.(activation, error);
        return await caught(activation, error);
      }
      await frame.execution.clock.sleep(seconds * 1000, frame.signal);
      activation.retryCount++;
    }
  }
}

function recordEvaluationFailure({ frame, name }: Activation, failure: StateFailure): void {
  const { location } = failure;
  if (location === undefined) return;
  frame.record('EvaluationFailed', {
    evaluationFailedEventDetails: { ...failureOf(failure), location, state: name },
  });
}

async function caught(activation: Activation, failure: StateFailure): Promise<Outcome> {
  const catchers: Catcher[] = ('Catch' in activation.state && activation.state.Catch) || [];
  const index = catchers.findIndex((catcher) => covers(catcher.ErrorEquals, failure));
  const catcher = catchers[index];
  if (!catcher) throw failure;
  const errorOutput = {
    ...(failure.error !== undefined && { Error: failure.error }),
    ...(failure.cause !== undefined && { Cause: failure.cause }),
  };
  return activation.complete(catcher, {
    errorOutput,
    fallback: written(errorOutput),
    next: catcher.Next,
    at: `Catch[${index}]/`,
  });
}
