export { Events } from './events.ts';
export { publishStatus } from './execution-status.ts';
export { type Rule, ruleOf, scheduleOf } from './rules.ts';
