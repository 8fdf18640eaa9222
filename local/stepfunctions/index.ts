export type { Invoke, Task } from './activation/invoke.ts';
export { realClock, VirtualClock } from './clock.ts';
export type { HistoryEvent } from './history/events.ts';
export type { StatusChange } from './run/record.ts';
export { type EndedExecution, StepFunctions } from './step-functions.ts';
