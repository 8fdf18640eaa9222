import type { FailState } from '../definition/machine.ts';
import { StateFailure } from '../errors.ts';
import type { Behaviour } from './behaviour.ts';

export const fail: Behaviour<FailState> = {
  async run(activation) {
    const { Error: error, Cause: cause } = activation.state;
    throw new StateFailure(
      error === undefined ? undefined : await activation.typed<string>(error, 'Error', 'string'),
      cause === undefined ? undefined : await activation.typed<string>(cause, 'Cause', 'string'),
    );
  },
};
