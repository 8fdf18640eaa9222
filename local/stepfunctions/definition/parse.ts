import { ApiError } from '../errors.ts';
import { bytesOf, isObject, type JsonObject } from '../json.ts';
import { LIMITS } from '../limits.ts';
import type { Machine } from './machine.ts';
import { Problems } from './problems.ts';
import { checkExpressions, checkVariables } from './queries.ts';
import { checkSet } from './shape.ts';
import { checkTasks } from './tasks.ts';
import { checkTransitions } from './transitions.ts';

const MACHINE_FIELDS = new Set(['Comment', 'Version', 'QueryLanguage', 'TimeoutSeconds', 'StartAt', 'States']);

/**
 * Reads a state machine's definition as CreateStateMachine does.
 * @throws {ApiError} InvalidDefinition, naming every problem and its path.
 */
export function parseDefinition(text: string): Machine {
  const definition = readJson(text);
  const problems = new Problems();
  const { report } = problems;
  for (const name of Object.keys(definition)) {
    if (!MACHINE_FIELDS.has(name)) report('SCHEMA_VALIDATION_FAILED', `there is no field '${name}'`, '');
  }
  const timeout = definition['TimeoutSeconds'];
  if (timeout !== undefined && !(Number.isInteger(timeout) && Number(timeout) > 0)) {
    report('SCHEMA_VALIDATION_FAILED', 'must be a positive integer', '/TimeoutSeconds');
  }
  checkSet(definition, '', { language: String(definition['QueryLanguage'] ?? 'JSONPath'), report });
  problems.throwIfAny();

  const machine = definition as unknown as Machine;
  checkTransitions(machine, '', { report, seen: new Set() });
  checkExpressions(machine, '', report);
  checkVariables(machine, '', { report, outer: new Set() });
  checkTasks(machine, '', report);
  problems.throwIfAny();
  return machine;
}

function readJson(text: string): JsonObject {
  if (bytesOf(text) > LIMITS.definitionBytes) {
    throw new ApiError('InvalidDefinition', `The definition has more than ${LIMITS.definitionBytes} bytes.`);
  }
  let definition: unknown;
  try {
    definition = JSON.parse(text);
  } catch (error) {
    throw new ApiError('InvalidDefinition', `Invalid State Machine Definition: not JSON: ${(error as Error).message}`);
  }
  if (isObject(definition)) return definition;
  throw new ApiError('InvalidDefinition', 'Invalid State Machine Definition: must be a JSON object');
}
