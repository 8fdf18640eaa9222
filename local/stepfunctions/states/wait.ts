import type { Activation } from '../activation/activation.ts';
import type { WaitState } from '../definition/machine.ts';
import { LIMITS } from '../limits.ts';
import type { Behaviour } from './behaviour.ts';

const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

export const wait: Behaviour<WaitState> = {
  abortable: true,
  async run(activation) {
    const { frame, state } = activation;
    const ms = await milliseconds(activation);
    if (ms > 0) await frame.execution.clock.sleep(ms, frame.signal);
    return activation.complete(state, { fallback: activation.given, next: state.Next });
  },
};

async function milliseconds(activation: Activation<WaitState>): Promise<number> {
  const { state, frame } = activation;
  if (state.Timestamp === undefined) return ((await activation.integer('Seconds', [0, LIMITS.seconds])) ?? 0) * 1000;
  const timestamp = await activation.typed<string>(state.Timestamp, 'Timestamp', 'string');
  const at = TIMESTAMP.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  if (!Number.isNaN(at)) return at - frame.execution.clock.now().getTime();
  const reason = `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${timestamp}`;
  throw activation.queryFailure('Timestamp', reason);
}
