/** The mail about a run that failed, or in which a task did. */
import { type Mail, subjectOf } from '#lambdas/runtime/mail.ts';
import { stackOption } from '#lambdas/runtime/stack-option.ts';
import type { Ended, Failures } from '#lib/runs/executions.ts';
import type { MapRunItems } from '#lib/runs/map-run.ts';
import { failedTasksOf, type RunRecord } from '#lib/runs/run-record.ts';
import { messageOf, type Try } from '#lib/runs/task-history.ts';

interface Failure {
  readonly execution: string;
  /** See `stackOption`. Undefined on the embedded AWS, which has no console. */
  readonly stack: string | undefined;
  readonly ended: Ended;
  /** Undefined where begin refused the execution. */
  readonly record: RunRecord | undefined;
  readonly failures: Failures;
}

/** So many failures are told, with so much of each cause, for SNS takes no message of more than 256 KiB. */
const TOLD = { tries: 50, characters: 1000 };

/** Says what failed, why, where to look, and what to do. */
export function alertOf({ execution, stack, ended, record, failures }: Failure): Mail {
  const machine = execution.split(':')[6];
  const name = record ? `${record.dagId} ${record.logicalDate}` : (machine ?? execution);
  const more = failures.tries.length - TOLD.tries;
  const lines = [
    ...failures.tries.slice(0, TOLD.tries).map(ofTry),
    ...(more > 0 ? [`- and ${more} more: the execution shows them all`] : []),
    ...failures.maps.map(ofMap),
  ];
  const how = endOf(ended, record);
  const blocked = Object.entries(record?.tasks ?? {}).filter(([, status]) => status === 'upstream_failed');
  return {
    subject: subjectOf(`Sluice: ${name} ${how.short}`),
    message: [
      `The run ${name} ${how.long}.`,
      '',
      ...(lines.length > 0 ? ['Failed tasks:', ...lines] : how.why),
      ...(blocked.length > 0 ? ['', `Not run because of that: ${blocked.map(([task]) => task).join(', ')}`] : []),
      '',
      consoleOf(execution, stack),
      ...(record ? [again(record, stack)] : []),
    ].join('\n'),
  };
}

/** In the subject, in the text, and where no failed try is known. */
function endOf({ status, stoppedAt, error = status, cause = '' }: Ended, record: RunRecord | undefined) {
  const failed = failedTasksOf(record ?? {}).join(', ');
  return status === 'SUCCEEDED'
    ? {
        short: `succeeded, although ${failed} failed`,
        long: `succeeded at ${stoppedAt}, although ${failed} failed: no task that ends the run had to see it`,
        why: [`Failed tasks: ${failed}`],
      }
    : {
        short: status.toLowerCase(),
        long: `ended with ${status} at ${stoppedAt}`,
        why: [`${error}: ${messageOf(cause)}`],
      };
}

/** Where to look at an execution: in the console of the deployment that it is of. */
export function consoleOf(execution: string, stack: string | undefined): string {
  const region = execution.split(':')[3];
  const page = `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/`;
  return `Execution: ${stack === undefined ? '' : page}${execution}`;
}

const again = ({ dagId, logicalDate }: RunRecord, stack: string | undefined): string =>
  `When the cause is fixed: npx sluice rerun ${dagId} ${logicalDate}${stackOption(stack)}`;

function ofTry({ task, index, attempt, error, cause }: Try): string {
  const item = index === undefined ? '' : ` (item ${index})`;
  return `- ${task}${item}, attempt ${attempt}: ${error}: ${shortened(cause)}`;
}

const shortened = (cause = ''): string =>
  cause.length > TOLD.characters ? `${cause.slice(0, TOLD.characters)}…` : cause;

const ofMap = ({ task, failed, items }: MapRunItems): string => `- ${task}: ${failed} of its ${items} items failed`;
