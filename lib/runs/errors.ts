import { Terminal } from '#lib/contract/errors.ts';

/** An object of the bucket is not what its readers need: cut off, changed by hand, gone. The rest can be read without it. */
export class Damaged extends Terminal {}
