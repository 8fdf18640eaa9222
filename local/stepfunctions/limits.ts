/** Step Functions' quotas, in the units of AWS's documentation. */
export const LIMITS = {
  payloadBytes: 262_144,
  assignBytes: 262_144,
  variablesBytes: 10 * 1024 * 1024,
  historyEvents: 25_000,
  definitionBytes: 1_048_576,
  nameLength: 80,
  inlineMapConcurrency: 40,
  childExecutions: 10_000,
  mapItems: 100_000_000,
  labelLength: 40,
  seconds: 99_999_999,
} as const;
