export { type Endpoint, openEndpoint } from './endpoint.ts';
export { type Answer, type Asked, errorOf, type Handler, type Operations, operationOf } from './exchange.ts';
export { jsonHandler } from './json-protocol.ts';
export { queryHandler } from './query-protocol.ts';
export { restHandler } from './rest-protocol.ts';
