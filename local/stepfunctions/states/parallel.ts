import type { Frame } from '../activation/frame.ts';
import { runTogether } from '../activation/together.ts';
import type { ParallelState, StateSet } from '../definition/machine.ts';
import { outward, StateFailure, TaskFailure } from '../errors.ts';
import { type Written, writtenList } from '../json.ts';
import type { Behaviour } from './behaviour.ts';

export const parallel: Behaviour<ParallelState> = {
  abortable: true,
  async run(activation) {
    const { frame, state } = activation;
    const input =
      state.Arguments === undefined ? activation.given : await activation.payload(state.Arguments, 'Arguments');
    frame.record('ParallelStateStarted');
    const branches = state.Branches.map(
      (branch) => (signal: AbortSignal) => runBranch(frame, signal, { branch, input }),
    );
    const result = writtenList(await runTogether(frame, branches));
    frame.record('ParallelStateSucceeded');
    return activation.complete(state, { result: result.value, fallback: result, next: state.Next });
  },
  failed({ frame }, failure) {
    if (!(failure instanceof TaskFailure)) frame.record('ParallelStateFailed');
  },
};

async function runBranch(
  frame: Frame,
  signal: AbortSignal,
  { branch, input }: { branch: StateSet; input: Written },
): Promise<Written> {
  const inner = frame.inner(signal);
  try {
    return await frame.execution.runStates(inner, branch, input);
  } catch (error) {
    // As recorded on AWS: a Task that fails a branch is aborted, and then the Parallel has no Failed event.
    if (error instanceof TaskFailure) inner.record('TaskStateAborted');
    throw error instanceof StateFailure && !(error instanceof TaskFailure) ? outward(error) : error;
  } finally {
    frame.previousEventId = inner.previousEventId;
  }
}
