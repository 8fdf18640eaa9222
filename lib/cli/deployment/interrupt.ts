/** Ctrl-C while a run is followed. */
import { Interrupted } from '../errors.ts';
import { stop } from './execution.ts';
import type { Opened } from './open.ts';

/**
 * The first Ctrl-C stops the run where this process serves AWS, or the sources that the run reads, since it would end with
 * them; elsewhere the run goes on, and only the following ends. The second one ends the process.
 *
 * @param work gets a signal that is aborted where the run goes on
 */
export async function interruptible<T>(
  opened: Pick<Opened, 'kind' | 'deployment'>,
  { execution, hasSources }: { readonly execution: string; readonly hasSources: boolean },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { kind, deployment } = opened;
  const following = new AbortController();
  const interrupt = () => {
    if (kind !== 'embedded' && !hasSources) return following.abort(new Interrupted(goesOn(kind, execution)));
    console.error('\nStopping the run. A second Ctrl-C ends this command at once.');
    stop(deployment.aws, execution, 'It was stopped by Ctrl-C.').catch((error: unknown) => following.abort(error));
  };
  process.once('SIGINT', interrupt);
  try {
    return await work(following.signal);
  } finally {
    process.off('SIGINT', interrupt);
  }
}

const goesOn = (kind: Opened['kind'], execution: string): string =>
  `The run goes on in ${kind === 'attached' ? 'the sluice local that serves it' : 'AWS'}. To stop it: ` +
  `aws stepfunctions stop-execution --execution-arn ${execution}` +
  `${kind === 'attached' ? ', with the environment that sluice local printed' : ''}.`;
