export { AsyncInvocations, type Deliver } from './async-invocation.ts';
export { lambdaHandler } from './http.ts';
export { Lambda } from './lambda.ts';
