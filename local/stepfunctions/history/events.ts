/** One event of an execution's history, in the shape of GetExecutionHistory. */
export interface HistoryEvent {
  id: number;
  previousEventId: number;
  timestamp: Date;
  type: string;
  /** E.g. `stateEnteredEventDetails`; the field names inside are AWS's. */
  [details: `${string}EventDetails`]: EventDetails;
}

export type EventDetails = Record<string, unknown>;
export type EventContent = { [details: `${string}EventDetails`]: EventDetails };

const whole = { truncated: false };

export const inputOf = (input: string): EventDetails => ({ input, inputDetails: whole });
export const outputOf = (output: string): EventDetails => ({ output, outputDetails: whole });

/** Only the parts that are there: AWS leaves an absent error or cause out. */
export const failureOf = (failure: { error?: string | undefined; cause?: string | undefined }): EventDetails => ({
  ...(failure.error !== undefined && { error: failure.error }),
  ...(failure.cause !== undefined && { cause: failure.cause }),
});

/** Variables as an exit event lists them: name → JSON text. */
export const assignedOf = (assigned: Record<string, string>): EventDetails =>
  Object.keys(assigned).length === 0 ? {} : { assignedVariables: assigned, assignedVariablesDetails: whole };

const DATA = new Set(['input', 'output', 'parameters', 'assignedVariables']);

/** The event without execution data, as `includeExecutionData: false` asks for. */
export function withoutData(event: HistoryEvent): HistoryEvent {
  const entries = Object.entries(event).map(([name, value]) => [
    name,
    name.endsWith('EventDetails')
      ? Object.fromEntries(Object.entries(value as EventDetails).filter(([field]) => !DATA.has(field)))
      : value,
  ]);
  return Object.fromEntries(entries) as HistoryEvent;
}
