/** States in which Step Functions hands a job to an AWS service and waits for its end. */
import type { GraphTask } from '#lib/dag/index.ts';
import { embed, literal, type Read, template } from './jsonata.ts';
import { retriesOf } from './retry.ts';

type Job = NonNullable<GraphTask['job']>;

interface Given {
  readonly read: Read;
  readonly machineArn: (pipeline: string) => string;
}

/** What hands the job over; where the state leads is not in it. */
export const jobState = (task: GraphTask & { readonly job: Job }, { read, machineArn }: Given) => ({
  Type: 'Task',
  Resource: `arn:aws:states:::${task.job.resource}`,
  TimeoutSeconds: task.job.timeoutSeconds,
  Arguments: template(withMachine(task.job.arguments, machineArn), read),
  Retry: retriesOf(task),
});

/** Those fields of the service's answer that are the task's output. */
export const jobOutput = ({ output }: Job): string =>
  embed(`{${output.map((field) => `${literal(field)}: $states.result.${field}`).join(', ')}}`);

/** What stands for another pipeline's state machine (`machineOf`) becomes its ARN. */
function withMachine(given: object, machineArn: (pipeline: string) => string): object {
  const inPlace = (value: unknown) => {
    const [, pipeline] = typeof value === 'string' ? (/^\$\{Machine::(.+)\}$/.exec(value) ?? []) : [];
    return pipeline === undefined ? value : machineArn(pipeline);
  };
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, inPlace(value)]));
}
