export type { Invoke, Task } from './activation/invoke.ts';
export type { Objects } from './activation/objects.ts';
export { realClock, VirtualClock } from './clock.ts';
export type { HistoryEvent } from './history/events.ts';
export { type StatusChange, statusChange } from './records/execution.ts';
export { type EndedExecution, StepFunctions } from './step-functions.ts';
