import type { Run } from '#lib/contract/envelope.ts';

/** No account of AWS has this number: it is that of the embedded AWS, which the commands act on by themselves. */
const EMBEDDED = '000000000000';

/**
 * What makes a command that a mail tells act on the deployment that the mail comes from: ` --stack Sluice`, or nothing.
 * A state machine is named `<platform stack>-<DAG>`.
 */
export function stackOption({ execution, dagId }: Pick<Run, 'execution' | 'dagId'>): string {
  const [account, , machine = ''] = execution.split(':').slice(4);
  return account === EMBEDDED ? '' : ` --stack ${machine.slice(0, -`-${dagId}`.length)}`;
}
