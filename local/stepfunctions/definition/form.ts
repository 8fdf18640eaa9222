import { isObject, type Json, type JsonObject } from '../json.ts';
import { expressionIn } from '../jsonata/expression.ts';
import { type Field, type Form, NOT_SUPPORTED } from './fields.ts';
import type { Report } from './problems.ts';

export interface Place {
  at: string;
  report: Report;
}

const isQuery = (value: Json): boolean => typeof value === 'string' && expressionIn(value) !== undefined;
const isNumber = (value: Json): boolean => typeof value === 'number' && value >= 0;

const FORMS: Record<Form, { fits: (value: Json) => boolean; name: string }> = {
  text: { fits: (value) => typeof value === 'string', name: 'a string' },
  any: { fits: () => true, name: 'anything' },
  object: { fits: isObject, name: 'an object' },
  list: { fits: (value) => Array.isArray(value) && value.every(Boolean), name: 'an array' },
  number: { fits: isNumber, name: 'a number of 0 or more' },
  numberOrQuery: { fits: (value) => isNumber(value) || isQuery(value), name: 'a number of 0 or more or {% … %}' },
  conditionOrQuery: { fits: (value) => typeof value === 'boolean' || isQuery(value), name: 'a boolean or {% … %}' },
};

/** Checks that a part of a definition has the fields it needs and no others, each in its form. */
export function checkFields(value: JsonObject, fields: Record<string, Field>, { at, report }: Place): void {
  for (const [name, { required }] of Object.entries(fields)) {
    if (required && !(name in value)) report('SCHEMA_VALIDATION_FAILED', `the field '${name}' is missing`, at);
  }
  for (const [name, content] of Object.entries(value)) {
    const field = fields[name];
    if (name in NOT_SUPPORTED) {
      report('NOT_SUPPORTED', `'${name}' (${NOT_SUPPORTED[name]}) is not supported by this interpreter`, at);
    } else if (!field) {
      report('SCHEMA_VALIDATION_FAILED', `the field '${name}' is not a field of this JSONata state`, at);
    } else if (!FORMS[field.form].fits(content)) {
      report('SCHEMA_VALIDATION_FAILED', `must be ${FORMS[field.form].name}`, `${at}/${name}`);
    }
  }
}
