/**
 * Casts that DuckDB does differently, and SUPER. `typeof` of an argument is a constant when a statement is bound, so that
 * one branch is left. What a user asks for goes through TRY_CAST: engine/bound-plan.ts takes other casts for implicit.
 */
const JSON_OF_X = 'CAST(x AS JSON)';
const TEXT_OF_X = 'CAST(x AS VARCHAR)';
const isType = (...types: readonly string[]): string => `typeof(x) IN (${types.map((type) => `'${type}'`).join(', ')})`;
const undone = (what: string): string => `error('the embedded warehouse does not do ${what}')`;
const SCALAR = `(${JSON_OF_X} ->> '$')`;
const JSON_NULL = `coalesce(json_type(${JSON_OF_X}), 'NULL') = 'NULL'`;

/** A scalar of a SUPER as a type; what Redshift would make of another kind of value is refused. */
const fromSuper = (kinds: readonly string[], name: string, value: string): string =>
  `CASE WHEN ${JSON_NULL} THEN NULL
     WHEN json_type(${JSON_OF_X}) IN (${kinds.map((kind) => `'${kind}'`).join(', ')}) THEN ${value}
     ELSE ${undone(`a cast of this SUPER value to ${name}: ' || ${SCALAR} || '`)} END`;
const WHOLE_NUMBERS = ['BIGINT', 'UBIGINT'];
const NUMBERS = [...WHOLE_NUMBERS, 'DOUBLE'];

/** Whole numbers only, as text; DuckDB alone would round '1.5'. Redshift prints the text it was given. */
const integer = (macro: string, type: string): string => {
  const outOfRange = (text: string) => `error('Value out of range for ${type}: ' || ${text})`;
  const tried = (text: string) => `coalesce(TRY_CAST(${text} AS ${type}), ${outOfRange(text)})`;
  return `${macro}(x) AS CASE
    WHEN ${isType('JSON')} THEN ${fromSuper(WHOLE_NUMBERS, type.toLowerCase(), tried(SCALAR))}
    WHEN ${isType('VARCHAR')} THEN CASE WHEN x IS NULL THEN NULL
      WHEN regexp_full_match(${TEXT_OF_X}, '\\s*[+-]?\\d+\\s*') THEN ${tried(TEXT_OF_X)}
      ELSE error('Invalid digit, Value ''' || substring(${TEXT_OF_X}, 1, 1) || ''', Pos 0, Type: ${type}, context: ' || ${TEXT_OF_X}) END
    WHEN ${isType('BOOLEAN')} THEN TRY_CAST(x AS ${type})
    ELSE CAST(x AS ${type}) END`;
};

/** Infinity is what the text says, and never what a number too large becomes. */
const float = (macro: string, type: string): string =>
  `${macro}(x) AS CASE
    WHEN ${isType('JSON')} THEN ${fromSuper(NUMBERS, type.toLowerCase(), `TRY_CAST(${SCALAR} AS ${type})`)}
    WHEN ${isType('VARCHAR')} THEN
      CASE WHEN isinf(CAST(${TEXT_OF_X} AS ${type})) AND NOT regexp_matches(${TEXT_OF_X}, 'inf', 'i')
        THEN error('value out of range for ${type}: ' || ${TEXT_OF_X}) ELSE CAST(${TEXT_OF_X} AS ${type}) END
    ELSE CAST(x AS ${type}) END`;

/** ISO 8601 alone: of other texts DuckDB reads the beginning. */
export const DATE_TEXT =
  '\\s*\\d{4}-\\d{1,2}-\\d{1,2}([ T]+\\d{1,2}:\\d{1,2}(:\\d{1,2}(\\.\\d*)?)?)?\\s*([A-Za-z/_]+|[+-]\\d{1,2}(:?\\d{2})?)?\\s*';
export const ERA_TEXT = '\\b(BC|AD)\\b';
const time = (macro: string, type: string): string => {
  const name = type.toLowerCase();
  const tried = (text: string) => `CASE WHEN ${text} IS NULL THEN NULL
      WHEN NOT regexp_full_match(${text}, '${DATE_TEXT}') OR regexp_matches(${text}, '${ERA_TEXT}', 'i')
        THEN ${undone(`a ${name} in this form (write YYYY-MM-DD): ' || ${text} || '`)}
      ELSE coalesce(TRY_CAST(${text} AS ${type}), error('date/time field value out of range: "' || ${text} || '"')) END`;
  return `${macro}(x) AS CASE
    WHEN ${isType('JSON')} THEN ${fromSuper(['VARCHAR'], name, tried(SCALAR))}
    WHEN ${isType('VARCHAR')} THEN ${tried(TEXT_OF_X)}
    ELSE CAST(x AS ${type}) END`;
};

export const CAST_MACROS: readonly string[] = [
  integer('rs_int2', 'SMALLINT'),
  integer('rs_int4', 'INTEGER'),
  integer('rs_int8', 'BIGINT'),
  float('rs_float4', 'FLOAT'),
  float('rs_float8', 'DOUBLE'),
  time('rs_date', 'DATE'),
  time('rs_timestamp', 'TIMESTAMP'),
  time('rs_timestamptz', 'TIMESTAMPTZ'),
  `rs_bool(x) AS CASE
     WHEN ${isType('JSON')} THEN ${fromSuper(['BOOLEAN'], 'boolean', `TRY_CAST(${SCALAR} AS BOOLEAN)`)}
     WHEN ${isType('SMALLINT', 'INTEGER', 'BIGINT')} THEN TRY_CAST(x AS BOOLEAN)
     ELSE CAST(x AS BOOLEAN) END`,
  `rs_text(x) AS CASE
     WHEN ${isType('JSON')} THEN CASE WHEN json_type(${JSON_OF_X}) IN ('OBJECT', 'ARRAY')
       THEN ${undone('a cast of a SUPER object or array to varchar (use JSON_SERIALIZE)')} ELSE ${SCALAR} END
     ELSE ${TEXT_OF_X} END`,
  // The longest beginning of whole characters within n bytes.
  `rs_varchar(x, n) AS CASE WHEN strlen(rs_text(x)) <= n THEN rs_text(x)
     ELSE rs_text(x)[:list_count(list_filter(range(1, n + 1), i -> strlen(rs_text(x)[:i]) <= n))] END`,
  `rs_super(x) AS CASE WHEN ${isType('DATE', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'INTERVAL')}
     THEN error('cannot cast a date or time to super') ELSE to_json(x) END`,
  `rs_is_null(x) AS CASE WHEN ${isType('JSON')} THEN ${JSON_NULL} ELSE x IS NULL END`,
  `rs_json_parse(x) AS CASE WHEN json_type(${TEXT_OF_X}) = 'NULL' THEN NULL ELSE json(${TEXT_OF_X}) END`,
  `rs_json_serialize(x) AS CASE WHEN ${isType('JSON', '"NULL"')}
     THEN coalesce(TRY_CAST(json(${JSON_OF_X}) AS VARCHAR), 'null')
     ELSE error('function json_serialize takes a SUPER') END`,
  'rs_can_json_parse(x) AS json_valid(CAST(x AS VARCHAR))',
  // Of +, -, * and /: Redshift raises where the result of finite numbers is infinite.
  `rs_finite(x) AS CASE WHEN ${isType('DOUBLE', 'FLOAT')}
     THEN CASE WHEN TRY_CAST(x AS VARCHAR) IN ('inf', '-inf') THEN error('Overflow of a floating point number') ELSE x END
     ELSE x END`,
];
