import { resolve } from 'node:path';
import { environment } from './environment.ts';

/** What the embedded AWS keeps between runs: buckets, warehouse, secrets, executions, logs, mails. */
export const STATE = resolve(environment.SLUICE_STATE ?? resolve(import.meta.dirname, '../../../.sluice'));
/** The app as last synthesized for the embedded AWS. */
export const ASSEMBLY = resolve(STATE, 'cdk.out');
