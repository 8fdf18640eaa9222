export type { Invoke, Task } from './activation/invoke.ts';
export { type Clock, realClock, VirtualClock } from './clock.ts';
export { ApiError } from './errors.ts';
export type { HistoryEvent } from './history/events.ts';
export type { ExecutionRecord, ExecutionStatus, StatusChange } from './run/record.ts';
export { type EndedExecution, StepFunctions, type StepFunctionsOptions } from './step-functions.ts';
