/** The door for handlers: all that the code of a task type is written with. */

export { extract, type RecordPage } from '#lambdas/lake/extract.ts';
export { jsonArray } from '#lambdas/lake/formats/json-array.ts';
export { ndjson } from '#lambdas/lake/formats/ndjson.ts';
export { type CallbackContext, implement, implementCallback, type TaskContext } from '#lambdas/runtime/implement.ts';
export { type RestList, restPages } from '#lambdas/sources/rest/pages.ts';
export { Again, NoSnapshot, NotReady, Skipped, Terminal, Transient } from '#lib/contract/errors.ts';
