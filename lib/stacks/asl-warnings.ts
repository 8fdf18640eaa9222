import { createRequire } from 'node:module';

const validate = createRequire(import.meta.url)('asl-validator') as (machine: object) => {
  readonly errors: readonly { readonly 'Error code': string; readonly Message: string }[];
};

/**
 * What asl-validator finds in a definition. It knows the states' grammar and no limits; a finding is a warning, since
 * Step Functions decides.
 */
export const aslWarnings = (definition: object): string[] =>
  // It writes into what it reads.
  validate(structuredClone(definition)).errors.map(
    (error) => `asl-validator: ${error['Error code']}: ${error.Message}`,
  );
