import { isObject, type Json, type JsonObject } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { isName } from '../names.ts';
import {
  BATCHER_FIELDS,
  type Field,
  READER_CONFIG_FIELDS,
  READER_FIELDS,
  WRITER_CONFIG_FIELDS,
  WRITER_FIELDS,
} from './fields.ts';
import { checkFields, type Place } from './form.ts';

const ONLY_DISTRIBUTED = ['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label'];

/** Fields of a distributed Map's parts, by the part's path below the state. */
const PARTS: [path: string[], Record<string, Field>][] = [
  [['ItemReader'], READER_FIELDS],
  [['ItemReader', 'ReaderConfig'], READER_CONFIG_FIELDS],
  [['ItemBatcher'], BATCHER_FIELDS],
  [['ResultWriter'], WRITER_FIELDS],
  [['ResultWriter', 'WriterConfig'], WRITER_CONFIG_FIELDS],
];

/** Fields that take one of a few words. */
const CHOICES: [path: string[], words: string[]][] = [
  [
    ['ItemReader', 'Resource'],
    ['arn:aws:states:::s3:getObject', 'arn:aws:states:::s3:listObjectsV2'],
  ],
  [
    ['ItemReader', 'ReaderConfig', 'InputType'],
    ['JSON', 'JSONL', 'CSV'],
  ],
  [
    ['ItemReader', 'ReaderConfig', 'CSVHeaderLocation'],
    ['FIRST_ROW', 'GIVEN'],
  ],
  [
    ['ItemReader', 'ReaderConfig', 'CSVDelimiter'],
    ['COMMA', 'PIPE', 'SEMICOLON', 'SPACE', 'TAB'],
  ],
  [['ResultWriter', 'Resource'], ['arn:aws:states:::s3:putObject']],
  [
    ['ResultWriter', 'WriterConfig', 'Transformation'],
    ['NONE', 'COMPACT', 'FLATTEN'],
  ],
  [
    ['ResultWriter', 'WriterConfig', 'OutputType'],
    ['JSON', 'JSONL'],
  ],
];

/** Checks how a Map processes its items: the mode, and what only a distributed Map has. */
export function checkProcessing(state: JsonObject, processor: JsonObject, { at, report }: Place): void {
  const { Mode: mode = 'INLINE', ExecutionType: type } = objectAt(processor, ['ProcessorConfig']);
  const config = `${at}/ItemProcessor/ProcessorConfig`;
  if (mode === 'INLINE') {
    for (const field of ONLY_DISTRIBUTED.filter((name) => name in state)) {
      report('SCHEMA_VALIDATION_FAILED', `'${field}' needs a ProcessorConfig with the Mode DISTRIBUTED`, at);
    }
    return;
  }
  if (mode !== 'DISTRIBUTED') report('SCHEMA_VALIDATION_FAILED', 'must be INLINE or DISTRIBUTED', `${config}/Mode`);
  if (type === 'EXPRESS') {
    report('NOT_SUPPORTED', 'express child executions are not supported by this interpreter', config);
  } else if (type !== 'STANDARD') {
    report('SCHEMA_VALIDATION_FAILED', 'must be STANDARD', `${config}/ExecutionType`);
  }
  checkParts(state, { at, report });
}

function checkParts(state: JsonObject, { at, report }: Place): void {
  for (const [path, fields] of PARTS) {
    const part = valueAt(state, path);
    if (isObject(part)) checkFields(part, fields, { at: `${at}/${path.join('/')}`, report });
  }
  for (const [path, words] of CHOICES) {
    const word = valueAt(state, path);
    if (word === undefined || words.includes(String(word))) continue;
    report('SCHEMA_VALIDATION_FAILED', `must be one of ${words.join(', ')}, found ${word}`, `${at}/${path.join('/')}`);
  }
  for (const problem of combinationProblems(state)) report('SCHEMA_VALIDATION_FAILED', problem, at);
}

/** What the fields of a distributed Map may not be together. */
function combinationProblems(state: JsonObject): string[] {
  const reader = objectAt(state, ['ItemReader']);
  const config = objectAt(reader, ['ReaderConfig']);
  const { InputType: input, CSVHeaderLocation: location, CSVHeaders: headers, ItemsPointer: pointer } = config;
  const batcher = objectAt(state, ['ItemBatcher']);
  const writer = objectAt(state, ['ResultWriter']);
  const rules: [boolean, string][] = [
    ['ItemReader' in state && 'Items' in state, 'a Map has at most one of Items and ItemReader'],
    [
      String(reader['Resource']).endsWith(':getObject') && !input,
      'an ItemReader of an object needs ReaderConfig.InputType',
    ],
    [input === 'CSV' && !location, 'an ItemReader of CSV needs ReaderConfig.CSVHeaderLocation'],
    [location === 'GIVEN' && !headers, 'CSVHeaderLocation GIVEN needs ReaderConfig.CSVHeaders'],
    [pointer !== undefined && input !== 'JSON', 'ItemsPointer needs the InputType JSON'],
    [pointer !== undefined && !String(pointer).startsWith('/'), `ItemsPointer must begin with '/', found ${pointer}`],
    [
      'ItemBatcher' in state && !('MaxItemsPerBatch' in batcher || 'MaxInputBytesPerBatch' in batcher),
      'an ItemBatcher needs MaxItemsPerBatch or MaxInputBytesPerBatch',
    ],
    [
      'ResultWriter' in state && !('Resource' in writer || 'WriterConfig' in writer),
      'a ResultWriter needs Resource and Arguments, or WriterConfig',
    ],
    ['Resource' in writer !== 'Arguments' in writer, 'a ResultWriter has both or none of Resource and Arguments'],
    [
      !('Resource' in writer) && objectAt(writer, ['WriterConfig'])['OutputType'] === 'JSONL',
      'this interpreter writes JSONL to S3 only: the ResultWriter needs Resource and Arguments',
    ],
    [
      'Label' in state && !isName(String(state['Label']), LIMITS.labelLength),
      `a Label has 1 to ${LIMITS.labelLength} characters and none that a name may not have`,
    ],
  ];
  return rules.filter(([broken]) => broken).map(([, problem]) => problem);
}

const valueAt = (value: JsonObject, path: string[]): Json | undefined =>
  path.reduce<Json | undefined>((part, name) => (isObject(part) ? part[name] : undefined), value);

function objectAt(value: JsonObject, path: string[]): JsonObject {
  const part = valueAt(value, path);
  return isObject(part) ? part : {};
}
