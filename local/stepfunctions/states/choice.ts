import type { ChoiceState } from '../definition/machine.ts';
import { StateFailure } from '../errors.ts';
import type { Behaviour } from './behaviour.ts';

export const choice: Behaviour<ChoiceState> = {
  async run(activation) {
    const { state } = activation;
    for (const [i, rule] of state.Choices.entries()) {
      const at = `Choices[${i}]/`;
      const holds = await activation.typed<boolean>(rule.Condition, `${at}Condition`, 'boolean');
      if (holds) return activation.complete(rule, { fallback: activation.given, next: rule.Next, at });
    }
    if (state.Default !== undefined)
      return activation.complete(state, { fallback: activation.given, next: state.Default });
    const cause = activation.cause('No choice rule matched the input and there is no Default.');
    throw new StateFailure('States.NoChoiceMatched', cause);
  },
};
