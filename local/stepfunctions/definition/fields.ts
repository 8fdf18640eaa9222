import type { StateType } from './machine.ts';

/** The form of a field's value. `…OrQuery` also takes a `{% … %}` string. */
export type Form = 'text' | 'any' | 'object' | 'list' | 'number' | 'numberOrQuery' | 'conditionOrQuery';

export interface Field {
  form: Form;
  required?: true;
}

type Fields = Record<string, Field>;

const common: Fields = { Type: { form: 'text' }, Comment: { form: 'text' }, QueryLanguage: { form: 'text' } };
const results: Fields = { Assign: { form: 'object' }, Output: { form: 'any' } };
const transition: Fields = { Next: { form: 'text' }, End: { form: 'any' } };
const handlers: Fields = { Retry: { form: 'list' }, Catch: { form: 'list' } };

/** Which fields each state type takes when its query language is JSONata. */
export const STATE_FIELDS: Record<StateType, Fields> = {
  Task: {
    ...common,
    ...results,
    ...transition,
    ...handlers,
    Resource: { form: 'text', required: true },
    Arguments: { form: 'any' },
    TimeoutSeconds: { form: 'numberOrQuery' },
    HeartbeatSeconds: { form: 'numberOrQuery' },
  },
  Pass: { ...common, ...results, ...transition },
  Choice: { ...common, ...results, Choices: { form: 'list', required: true }, Default: { form: 'text' } },
  Wait: { ...common, ...results, ...transition, Seconds: { form: 'numberOrQuery' }, Timestamp: { form: 'text' } },
  Succeed: { ...common, Output: { form: 'any' } },
  Fail: { ...common, Error: { form: 'text' }, Cause: { form: 'text' } },
  Parallel: {
    ...common,
    ...results,
    ...transition,
    ...handlers,
    Branches: { form: 'list', required: true },
    Arguments: { form: 'any' },
  },
  Map: {
    ...common,
    ...results,
    ...transition,
    ...handlers,
    ItemProcessor: { form: 'object', required: true },
    Items: { form: 'any' },
    ItemSelector: { form: 'any' },
    MaxConcurrency: { form: 'numberOrQuery' },
    ToleratedFailureCount: { form: 'numberOrQuery' },
    ToleratedFailurePercentage: { form: 'numberOrQuery' },
    ItemReader: { form: 'object' },
    ItemBatcher: { form: 'object' },
    ResultWriter: { form: 'object' },
    Label: { form: 'text' },
  },
};

export const READER_FIELDS: Fields = {
  Resource: { form: 'text', required: true },
  Arguments: { form: 'any', required: true },
  ReaderConfig: { form: 'object' },
};

export const READER_CONFIG_FIELDS: Fields = {
  InputType: { form: 'text' },
  CSVHeaderLocation: { form: 'text' },
  CSVHeaders: { form: 'list' },
  CSVDelimiter: { form: 'text' },
  ItemsPointer: { form: 'text' },
  MaxItems: { form: 'numberOrQuery' },
};

export const BATCHER_FIELDS: Fields = {
  MaxItemsPerBatch: { form: 'numberOrQuery' },
  MaxInputBytesPerBatch: { form: 'numberOrQuery' },
  BatchInput: { form: 'any' },
};

export const WRITER_FIELDS: Fields = {
  Resource: { form: 'text' },
  Arguments: { form: 'any' },
  WriterConfig: { form: 'object' },
};

export const WRITER_CONFIG_FIELDS: Fields = { Transformation: { form: 'text' }, OutputType: { form: 'text' } };

export const RULE_FIELDS: Fields = {
  ...results,
  Comment: { form: 'text' },
  Condition: { form: 'conditionOrQuery', required: true },
  Next: { form: 'text', required: true },
};

export const CATCHER_FIELDS: Fields = {
  ...results,
  Comment: { form: 'text' },
  ErrorEquals: { form: 'list', required: true },
  Next: { form: 'text', required: true },
};

export const RETRIER_FIELDS: Fields = {
  Comment: { form: 'text' },
  ErrorEquals: { form: 'list', required: true },
  IntervalSeconds: { form: 'number' },
  MaxAttempts: { form: 'number' },
  BackoffRate: { form: 'number' },
  MaxDelaySeconds: { form: 'number' },
  JitterStrategy: { form: 'text' },
};

/** Step Functions has these fields; this interpreter does not, and says so instead of ignoring them. */
export const NOT_SUPPORTED: Record<string, string> = {
  ManifestType: 'items from a manifest',
  Credentials: 'cross-account tasks',
};
