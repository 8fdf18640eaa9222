/** The mail about a run that failed, or in which a task did. */
import { type Mail, subjectOf } from '#lambdas/runtime/mail.ts';
import { stackOption } from '#lambdas/runtime/stack-option.ts';
import { consoleUrl } from '#lib/runs/console.ts';
import type { Ended, Failures } from '#lib/runs/executions.ts';
import type { MapRunItems } from '#lib/runs/map-run.ts';
import { failedTasksOf, type RunRecord } from '#lib/runs/run-record.ts';
import { messageOf, type Try } from '#lib/runs/task-history.ts';
import { isTolerated } from '#lib/runs/warnings.ts';

interface Failure {
  readonly execution: string;
  /** See `stackOption`. Undefined on the embedded AWS, which has no console. */
  readonly stack: string | undefined;
  readonly ended: Ended;
  /** Undefined where begin refused the execution. */
  readonly record: RunRecord | undefined;
  readonly failures: Failures;
}

/** So many failures are told, with so much of all their causes, for SNS takes no message of more than 256 KiB. */
const TOLD = { tries: 50, characters: 50_000 };

/** Says what failed, why, where to look, and what to do. */
export function alertOf({ execution, stack, ended, record, failures }: Failure): Mail {
  const machine = execution.split(':')[6];
  const name = record ? `${record.dagId} ${record.logicalDate}` : (machine ?? execution);
  const isFailure = ({ task }: { task: string }) => !isTolerated(record?.tasks ?? {}, task);
  const failed = failures.tries.filter(isFailure);
  const tries = failed.slice(0, TOLD.tries);
  const more = failed.length - tries.length;
  const lines = [
    ...tries.map((one) => ofTry(one, TOLD.characters / tries.length)),
    ...(more > 0 ? [`- and ${more} more: the execution shows them all`] : []),
    ...failures.maps.filter(isFailure).map(ofMap),
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
  const region = execution.split(':')[3] ?? '';
  const page = consoleUrl(region, `states/home?region=${region}#/v2/executions/details/${execution}`);
  return `Execution: ${stack === undefined ? execution : page}`;
}

/**
 * What to do when the cause of a failure is no more.
 * @param tasks what is to run again besides what failed
 */
export function again(
  { dagId, logicalDate }: RunRecord,
  stack: string | undefined,
  tasks: readonly string[] = [],
): string {
  const chosen = tasks.map((task) => ` --task ${task}`).join('');
  return `When the cause is fixed: npx sluice rerun ${dagId} ${logicalDate}${chosen}${stackOption(stack)}`;
}

function ofTry({ task, index, attempt, error, cause = '' }: Try, characters: number): string {
  const item = index === undefined ? '' : ` (item ${index})`;
  const told = cause.length > characters ? `${cause.slice(0, characters)}…` : cause;
  return `- ${task}${item}, attempt ${attempt}: ${error}: ${told.replaceAll('\n', '\n  ')}`;
}

const ofMap = ({ task, failed, items }: MapRunItems): string => `- ${task}: ${failed} of its ${items} items failed`;
