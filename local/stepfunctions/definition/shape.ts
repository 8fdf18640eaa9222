import { isObject, type Json, type JsonObject } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { checkProcessing } from './distributed.ts';
import { CATCHER_FIELDS, type Field, RETRIER_FIELDS, RULE_FIELDS, STATE_FIELDS } from './fields.ts';
import { checkFields, type Place } from './form.ts';
import type { StateType } from './machine.ts';
import type { Report } from './problems.ts';

/** Checks that the states of a set have the fields of their type, each in its form; recurses into inner sets. */
export function checkSet(set: JsonObject, path: string, context: { language: string; report: Report }): void {
  const { StartAt: start, States: states } = set;
  if (typeof start !== 'string') context.report('SCHEMA_VALIDATION_FAILED', 'StartAt must be a string', path);
  if (!isObject(states) || Object.keys(states).length === 0) {
    context.report('SCHEMA_VALIDATION_FAILED', 'States must be an object with at least one state', path);
    return;
  }
  for (const [name, state] of Object.entries(states)) {
    const at = `${path}/States/${name}`;
    if (name.length > LIMITS.nameLength) {
      context.report('SCHEMA_VALIDATION_FAILED', `a state name has at most ${LIMITS.nameLength} characters`, at);
    }
    if (isObject(state)) checkState(state, at, context);
    else context.report('SCHEMA_VALIDATION_FAILED', 'a state must be an object', at);
  }
}

function checkState(state: JsonObject, at: string, context: { language: string; report: Report }): void {
  const { report } = context;
  const language = state['QueryLanguage'] ?? context.language;
  if (language !== 'JSONata') {
    report(
      'SCHEMA_VALIDATION_FAILED',
      `the query language is ${language}; only JSONata states run here: set "QueryLanguage": "JSONata" on the state machine`,
      at,
    );
    return;
  }
  const fields = STATE_FIELDS[state['Type'] as StateType];
  if (!fields) {
    const known = Object.keys(STATE_FIELDS).join(', ');
    report('SCHEMA_VALIDATION_FAILED', `Type must be one of ${known}, found ${JSON.stringify(state['Type'])}`, at);
    return;
  }
  checkFields(state, fields, { at, report });
  checkItems(state['Retry'], RETRIER_FIELDS, { at: `${at}/Retry`, report });
  checkItems(state['Catch'], CATCHER_FIELDS, { at: `${at}/Catch`, report });
  checkItems(state['Choices'], RULE_FIELDS, { at: `${at}/Choices`, report });
  if ('Next' in fields) checkTransition(state, at, report);
  if (state['Type'] === 'Wait' && 'Seconds' in state === 'Timestamp' in state) {
    report('SCHEMA_VALIDATION_FAILED', 'a Wait state has exactly one of Seconds and Timestamp', at);
  }
  checkInnerSets(state, at, context);
}

function checkItems(items: Json | undefined, fields: Record<string, Field>, { at, report }: Place): void {
  if (!Array.isArray(items)) return;
  for (const [i, item] of items.entries()) {
    if (isObject(item)) checkFields(item, fields, { at: `${at}[${i}]`, report });
    else report('SCHEMA_VALIDATION_FAILED', 'must be an object', `${at}[${i}]`);
  }
}

function checkTransition(state: JsonObject, at: string, report: Report): void {
  if ('Next' in state === 'End' in state) {
    report('SCHEMA_VALIDATION_FAILED', 'a state has exactly one of Next and End', at);
  } else if ('End' in state && state['End'] !== true) {
    report('SCHEMA_VALIDATION_FAILED', 'must be true', `${at}/End`);
  }
}

function checkInnerSets(state: JsonObject, at: string, context: { language: string; report: Report }): void {
  const branches = Array.isArray(state['Branches']) ? state['Branches'] : [];
  for (const [i, branch] of branches.entries()) {
    if (isObject(branch)) checkSet(branch, `${at}/Branches[${i}]`, context);
  }
  const processor = state['ItemProcessor'];
  if (!isObject(processor)) return;
  checkProcessing(state, processor, { at, report: context.report });
  checkSet(processor, `${at}/ItemProcessor`, context);
}
