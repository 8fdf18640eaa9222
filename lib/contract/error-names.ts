/**
 * The closed list of error names that leave a Lambda of Sluice. Lambda reports an error's name as `errorType`, which
 * Step Functions matches in Retry and Catch. There is one name for each reaction, not for each cause.
 */
export const ERROR = {
  /** Never retried: a wrong input, a missing secret, a refused request. */
  terminal: 'Sluice.Terminal',
  /** Never retried: the source knows only the present, and a newer run exists. */
  noSnapshot: 'Sluice.NoSnapshot',
  /** Retried as often as the author asked for: everything that may pass by itself. */
  transient: 'Sluice.Transient',
  /** Retried by its own rule: the attempt stopped before its time ended, and the next one resumes. */
  again: 'Sluice.Again',
  /** Never retried: the task declares that it has nothing to do, and is skipped. */
  skipped: 'Sluice.Skipped',
  /** Of a sensor: what it waits for is not there yet. Retried at its interval while it has time left. */
  notReady: 'Sluice.NotReady',
  /** Never retried, of a sensor: its time is up, and what it waits for is not there. Airflow: AirflowSensorTimeout. */
  sensorTimeout: 'Sluice.SensorTimeout',
  /** Begin only: the run waits for a slot. */
  busy: 'Sluice.Busy',
  /** Begin only: there is nothing to do: another execution carries this run out, or did. Ends quietly. */
  duplicate: 'Sluice.Duplicate',
  /** The final state of a run that failed. Its cause names the tasks. */
  runFailed: 'Sluice.RunFailed',
} as const;
export type ErrorName = (typeof ERROR)[keyof typeof ERROR];
