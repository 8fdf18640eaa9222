import { innerSets, type Retrier, type State, type StateSet } from './machine.ts';
import type { Report } from './problems.ts';

const RESOURCE = /^arn:[^:]+:(lambda:[^:]+:\d+:function:[^.]+|states:[^:]*:[^:]*:[^:]+:.+)$/;
const ACTIVITY = /:activity:/;
const WILDCARD = 'States.ALL';

/** Task resources are of a kind that runs here; Retry and Catch follow the specification's rules. */
export function checkTasks(set: StateSet, path: string, report: Report): void {
  for (const [name, state] of Object.entries(set.States)) {
    const at = `${path}/States/${name}`;
    if (state.Type === 'Task') checkResource(state.Resource, `${at}/Resource`, report);
    checkHandlers(state, at, report);
    for (const inner of innerSets(state)) checkTasks(inner.set, `${at}/${inner.path}`, report);
  }
}

function checkResource(resource: string, at: string, report: Report): void {
  if (ACTIVITY.test(resource)) {
    report('NOT_SUPPORTED', 'activities are not supported by this interpreter', at);
  } else if (!RESOURCE.test(resource)) {
    report('INVALID_TASK_RESOURCE', `'${resource}' is neither a function's ARN nor arn:aws:states:::…`, at);
  }
}

function checkHandlers(state: State, at: string, report: Report): void {
  if (!('Retry' in state || 'Catch' in state)) return;
  checkErrorLists(state.Retry ?? [], `${at}/Retry`, report);
  checkErrorLists(state.Catch ?? [], `${at}/Catch`, report);
  for (const [i, retrier] of (state.Retry ?? []).entries()) checkRetrier(retrier, `${at}/Retry[${i}]`, report);
}

function checkErrorLists(handlers: { ErrorEquals: string[] }[], at: string, report: Report): void {
  for (const [i, { ErrorEquals: errors }] of handlers.entries()) {
    const place = `${at}[${i}]/ErrorEquals`;
    if (errors.length === 0) report('SCHEMA_VALIDATION_FAILED', 'must name at least one error', place);
    if (!errors.includes(WILDCARD)) continue;
    if (errors.length > 1) report('SCHEMA_VALIDATION_FAILED', `${WILDCARD} must stand alone`, place);
    if (i < handlers.length - 1) report('SCHEMA_VALIDATION_FAILED', `${WILDCARD} must come last`, place);
  }
}

function checkRetrier(retrier: Retrier, at: string, report: Report): void {
  const rules: [keyof Retrier, boolean, string][] = [
    ['IntervalSeconds', atLeast(retrier.IntervalSeconds, 1) && whole(retrier.IntervalSeconds), 'a positive integer'],
    ['MaxAttempts', whole(retrier.MaxAttempts), 'an integer of 0 or more'],
    ['BackoffRate', atLeast(retrier.BackoffRate, 1), '1 or more'],
    [
      'MaxDelaySeconds',
      retrier.MaxDelaySeconds === undefined || retrier.MaxDelaySeconds > (retrier.IntervalSeconds ?? 1),
      'more than IntervalSeconds',
    ],
    ['JitterStrategy', ['FULL', 'NONE', undefined].includes(retrier.JitterStrategy), 'FULL or NONE'],
  ];
  for (const [field, holds, rule] of rules) {
    if (!holds) report('SCHEMA_VALIDATION_FAILED', `must be ${rule}, found ${retrier[field]}`, `${at}/${field}`);
  }
}

const atLeast = (value: number | undefined, least: number): boolean => value === undefined || value >= least;
const whole = (value: number | undefined): boolean => value === undefined || Number.isInteger(value);
