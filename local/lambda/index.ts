export { AsyncInvocations, type Deliver } from './async-invocation.ts';
export { lambdaHandler } from './http.ts';
export { invokeOnce } from './invoke-once.ts';
export { Lambda } from './lambda.ts';
