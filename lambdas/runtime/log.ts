import { Logger } from '@aws-lambda-powertools/logger';
import { masking } from './masking.ts';

/** On every line of what a Lambda does for a run. */
export interface LogKeys {
  readonly pipeline: string;
  readonly run: string;
  readonly task?: string;
  readonly attempt?: number;
  readonly index?: number;
  /** Of the invocation: what Lambda's own lines name it by. */
  readonly requestId?: string;
}

export type { Logger } from '@aws-lambda-powertools/logger';

/** A logger that writes JSON lines with these keys on each, and no value of a secret. */
export const logger = (keys: LogKeys): Logger =>
  new Logger({
    persistentKeys: { ...keys },
    jsonReplacerFn: (_key, value) => (typeof value === 'string' ? masking.text(value) : value),
  });
