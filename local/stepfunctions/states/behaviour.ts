import type { Activation, Outcome } from '../activation/activation.ts';
import type { State } from '../definition/machine.ts';
import type { StateFailure } from '../errors.ts';

/** What a state type does. Entering, Retry, Catch, Assign and leaving are the same for all and not its concern. */
export interface Behaviour<S extends State> {
  /** One attempt. Failures are thrown as StateFailure. */
  run(activation: Activation<S>): Promise<Outcome>;
  /** Called once when the last attempt failed, before Catch. */
  failed?(activation: Activation<S>, failure: StateFailure): void;
  /** Whether it can be under way when its line of control is aborted, which is an event then. */
  abortable?: true;
}
