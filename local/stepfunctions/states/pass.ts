import type { PassState } from '../definition/machine.ts';
import type { Behaviour } from './behaviour.ts';

export const pass: Behaviour<PassState> = {
  run: (activation) =>
    activation.complete(activation.state, { fallback: activation.given, next: activation.state.Next }),
};
