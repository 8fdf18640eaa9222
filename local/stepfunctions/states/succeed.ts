import type { SucceedState } from '../definition/machine.ts';
import type { Behaviour } from './behaviour.ts';

export const succeed: Behaviour<SucceedState> = {
  run: (activation) => activation.complete(activation.state, { fallback: activation.given, next: undefined }),
};
