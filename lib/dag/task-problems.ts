/** What is wrong with the options of a task, by its kind. */

import type { Kind } from '#lib/contract/task-type.ts';
import { secondsOf } from '#lib/time/duration.ts';
import { type AnyOptions, DEFAULTS, TRIGGER_RULES } from './options.ts';

export const when = (wrong: boolean, problem: string): string[] => (wrong ? [problem] : []);
export const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;

/** Each kind has those of a task besides. An empty task does nothing that could fail. */
const OWN_OPTIONS: Readonly<Record<Kind | 'map' | 'empty', readonly string[]>> = {
  empty: [],
  task: [],
  map: Object.keys(DEFAULTS.map),
  sensor: Object.keys(DEFAULTS.sensor),
  callback: ['timeout', 'heartbeat'],
  job: ['timeout'],
};

/** Names that would be ignored. */
export function unknownOptions(options: object, known: readonly string[]): string[] {
  const unknown = Object.keys(options).filter((name) => !known.includes(name));
  return unknown.map((name) => `${name}: there is no such option (options: ${known.join(', ')})`);
}

export function wrongOptions(kind: Kind | 'map' | 'empty', options: AnyOptions): string[] {
  const known = kind === 'empty' ? ['triggerRule'] : [...Object.keys(DEFAULTS.task), ...OWN_OPTIONS[kind]];
  const ofKind = {
    empty: () => [],
    task: () => [],
    map: wrongMap,
    sensor: wrongSensor,
    callback: wrongCallback,
    job: wrongJob,
  }[kind];
  return [...unknownOptions(options, known), ...wrongRetries(options), ...wrongRule(options), ...ofKind(options)];
}

const wrongRetries = ({ retries = 0, retryDelay = DEFAULTS.task.retryDelay }: AnyOptions): string[] => [
  ...when(!isCount(retries + 1) || retries > 20, `retries: ${retries} is no whole number from 0 to 20`),
  ...wrongDuration('retryDelay', retryDelay),
];

function wrongRule({ triggerRule = DEFAULTS.task.triggerRule }: AnyOptions): string[] {
  // What arrives here from plain JavaScript or a cast may be anything.
  const rule: string = triggerRule;
  if (rule === 'all_done_setup_success') {
    return [`triggerRule: 'all_done_setup_success' is for setup tasks, which Sluice does not have: use 'all_done'`];
  }
  const known: readonly string[] = TRIGGER_RULES;
  return when(!known.includes(rule), `triggerRule: '${rule}' is none of ${known.join(', ')}`);
}

const wrongMap = ({ maxItems = 1, maxConcurrency = 1, toleratedFailureCount = 0 }: AnyOptions): string[] => [
  ...when(!isCount(maxItems), `maxItems: ${maxItems} is no whole number from 1`),
  ...when(
    !isCount(maxConcurrency) || maxConcurrency > 40,
    `maxConcurrency: ${maxConcurrency} is no whole number from 1 to 40`,
  ),
  ...when(
    !isCount(toleratedFailureCount + 1) || toleratedFailureCount > 100,
    `toleratedFailureCount: ${toleratedFailureCount} is no whole number from 0 to 100`,
  ),
];

function wrongSensor(options: AnyOptions): string[] {
  const { pokeInterval, timeout } = { ...DEFAULTS.sensor, ...options };
  return [
    ...wrongDuration('pokeInterval', pokeInterval),
    ...wrongDuration('timeout', timeout, 7),
    ...when(
      (secondsOf(pokeInterval) ?? 0) > (secondsOf(timeout) ?? 0),
      `pokeInterval: '${pokeInterval}' is longer than the timeout, '${timeout}'`,
    ),
  ];
}

function wrongCallback({ timeout = DEFAULTS.callback.timeout, heartbeat }: AnyOptions): string[] {
  return [
    ...wrongDuration('timeout', timeout, 30),
    ...(heartbeat === undefined ? [] : wrongHeartbeat(heartbeat, timeout)),
  ];
}

const wrongJob = ({ timeout = DEFAULTS.job.timeout }: AnyOptions): string[] => wrongDuration('timeout', timeout, 30);

const wrongHeartbeat = (heartbeat: string, timeout: string): string[] => [
  ...wrongDuration('heartbeat', heartbeat, 30),
  ...when(
    (secondsOf(heartbeat) ?? 0) >= (secondsOf(timeout) ?? 0),
    `heartbeat: '${heartbeat}' is not shorter than the timeout, '${timeout}'`,
  ),
];

function wrongDuration(name: string, duration: string, days = 1): string[] {
  const seconds = secondsOf(duration);
  const most = days === 1 ? 'a day' : `${days} days`;
  return [
    ...when(!seconds, `${name}: '${duration}' is no duration such as '30s', '5m' or '1h'`),
    ...when((seconds ?? 0) > days * 86_400, `${name}: '${duration}' is longer than ${most}`),
  ];
}
