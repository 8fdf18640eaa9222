import { OUTPUT_BYTES } from '#lib/contract/envelope.ts';
import { Terminal } from '#lib/contract/errors.ts';

/** Of an output with its lists, which feed maps. */
const LISTS_BYTES = 64 * 1024;

/**
 * @param output as it goes through the state machine
 * @throws Terminal for one that is data, not a pointer to it
 */
export function checkSize(output: unknown): void {
  const whole = bytes(output);
  const rest = typeof output === 'object' && output !== null ? bytes(withoutLists(output)) : whole;
  if (rest <= OUTPUT_BYTES && whole <= LISTS_BYTES) return;
  throw new Terminal(
    `The output has ${whole} bytes of JSON, ${rest} of them outside lists; ${LISTS_BYTES} and ${OUTPUT_BYTES} are ` +
      'allowed. Write the data to the lake and return a pointer. A list that only maps with maxItems over 1000 take may ' +
      'be of any size: they read it from the ledger.',
  );
}

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value) ?? '');

const withoutLists = (output: object) =>
  Object.fromEntries(Object.entries(output).filter(([, value]) => !Array.isArray(value)));
