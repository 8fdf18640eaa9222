export { addedWaits, compile } from './compile.ts';
export { isKeyed } from './distribution.ts';
export { AslError } from './errors.ts';
export { hiddenFailures } from './hidden-failures.ts';
export { expressionOf, literal, referencesOf } from './jsonata.ts';
export { distributedMapsOf } from './limits.ts';
export { ASSUMED_ITEMS, dollarsOf, PRICE, type Price, priceLine, priceOf, restlessSensors } from './price.ts';
export { FUNCTION_TIMEOUT_SECONDS, type StateMachine } from './state.ts';
