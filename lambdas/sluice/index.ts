/** The door for handlers: all that the code of a task type is written with. */

export { extract, type TextPage } from '#lambdas/lake/extract.ts';
export { type CallbackContext, implement, implementCallback, type TaskContext } from '#lambdas/runtime/implement.ts';
export { Again, NoSnapshot, NotReady, Skipped, Terminal, Transient } from '#lib/contract/errors.ts';
