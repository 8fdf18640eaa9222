import { ApiError } from '../errors.ts';
import { bytesOf } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { isName } from '../names.ts';

/** A string that the request must have. */
export function required(input: object, field: string): string {
  const value = (input as Record<string, unknown>)[field];
  if (typeof value === 'string') return value;
  throw new ApiError(
    'ValidationException',
    `The request needs '${field}' as a string, found ${JSON.stringify(value)}.`,
  );
}

export function checkName(name: string): string {
  if (isName(name, LIMITS.nameLength)) return name;
  throw new ApiError(
    'InvalidName',
    `Invalid Name: '${name}'. A name has 1 to ${LIMITS.nameLength} characters, no white space and none of <>{}[]?*"#%\\^|~\`$&,;:/`,
  );
}

export function checkInput(input: string): string {
  if (bytesOf(input) > LIMITS.payloadBytes) {
    throw new ApiError(
      'InvalidExecutionInput',
      `Invalid State Machine Execution Input: ${bytesOf(input)} bytes, the limit is ${LIMITS.payloadBytes}.`,
    );
  }
  try {
    JSON.parse(input);
  } catch (error) {
    throw new ApiError(
      'InvalidExecutionInput',
      `Invalid State Machine Execution Input: not JSON: ${(error as Error).message}`,
    );
  }
  return input;
}
