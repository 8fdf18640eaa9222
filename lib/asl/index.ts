export { addedWaits, compile, type StateMachine } from './compile.ts';
export { AslError } from './errors.ts';
export { distributedMapsOf } from './limits.ts';
export { FUNCTION_TIMEOUT_SECONDS } from './state.ts';
