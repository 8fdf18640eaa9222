/** Redshift's functions that DuckDB lacks or computes differently. The names are those of sql/functions.ts with a prefix. */

/** Whole numbers only, as text; DuckDB alone would round '1.5'. Redshift prints the text it was given. */
const integer = (macro: string, type: string): string =>
  `${macro}(x) AS CASE WHEN typeof(x) <> 'VARCHAR' OR x IS NULL
     OR regexp_full_match(CAST(x AS VARCHAR), '\\s*[+-]?\\d+\\s*') THEN CAST(x AS ${type})
   ELSE error('Invalid digit, Value ''' || CAST(x AS VARCHAR)[1] || ''', Pos 0, Type: ${type}, context: ' || CAST(x AS VARCHAR))
   END`;

/** A macro on a time that keeps its zone; a date or text becomes a timestamp. */
const onTimes = (macro: string, before: readonly string[], body: (x: string) => string): string =>
  `${macro}${['TIMESTAMP', 'TIMESTAMPTZ', 'DATE', 'VARCHAR']
    .map((type) => {
      const value = type.startsWith('TIMESTAMP') ? 'x' : 'CAST(x AS TIMESTAMP)';
      return `(${[...before, `x ${type}`].join(', ')}) AS ${body(value)}`;
    })
    .join(', ')}`;

export const MACROS: readonly string[] = [
  integer('rs_int2', 'SMALLINT'),
  integer('rs_int4', 'INTEGER'),
  integer('rs_int8', 'BIGINT'),
  // The longest beginning of whole characters within n bytes.
  `rs_varchar(x, n) AS CASE WHEN strlen(CAST(x AS VARCHAR)) <= n THEN CAST(x AS VARCHAR)
     ELSE CAST(x AS VARCHAR)[:list_count(list_filter(range(1, n + 1), i -> strlen(CAST(x AS VARCHAR)[:i]) <= n))] END`,
  'rs_super(x) AS to_json(x)',
  `rs_div(a, b) AS CASE WHEN b = 0 THEN error('Divide by zero') ELSE a / b END`,
  `rs_mod(a, b) AS CASE WHEN b = 0 THEN error('Divide by zero') ELSE a % b END`,
  "rs_getdate() AS CAST(date_trunc('second', now()) AS TIMESTAMP)",
  'rs_current_date() AS CAST(now() AS DATE)',
  'rs_sysdate() AS CAST(now() AS TIMESTAMP)',
  onTimes('rs_date_trunc', ['part'], (x) => `date_trunc(part, ${x})`),
  `rs_date_part(part, x) AS date_part(part, CAST(x AS TIMESTAMP))`,
  `rs_interval(part, n) AS CASE part WHEN 'year' THEN to_years(n) WHEN 'quarter' THEN to_months(3 * n)
     WHEN 'month' THEN to_months(n) WHEN 'week' THEN to_days(7 * n) WHEN 'day' THEN to_days(n)
     WHEN 'hour' THEN to_hours(n) WHEN 'minute' THEN to_minutes(n) ELSE to_seconds(n) END`,
  onTimes('rs_dateadd', ['part', 'n'], (x) => `${x} + rs_interval(part, CAST(n AS INTEGER))`),
  'rs_datediff(part, a, b) AS date_diff(part, CAST(a AS TIMESTAMP), CAST(b AS TIMESTAMP))',
  'rs_trunc(x TIMESTAMP) AS CAST(x AS DATE), (x TIMESTAMPTZ) AS CAST(x AS DATE), (x DATE) AS x, (x) AS trunc(x)',
  // The last day of a month leads to the last day of another.
  `rs_add_months(d, n) AS CASE WHEN CAST(d AS DATE) = last_day(CAST(d AS DATE))
     THEN CAST(last_day(CAST(d AS DATE) + to_months(CAST(n AS INTEGER))) AS TIMESTAMP)
          + (CAST(d AS TIMESTAMP) - CAST(CAST(d AS DATE) AS TIMESTAMP))
     ELSE CAST(d AS TIMESTAMP) + to_months(CAST(n AS INTEGER)) END`,
  `rs_sum(x SMALLINT) AS CAST(sum(x) AS BIGINT), (x INTEGER) AS CAST(sum(x) AS BIGINT),
     (x BIGINT) AS CAST(sum(x) AS DECIMAL(38, 0)), (x) AS sum(x)`,
  // Of integers Redshift gives an integer.
  `rs_avg(x SMALLINT) AS CAST(trunc(sum(x) / count(x)) AS BIGINT),
     (x INTEGER) AS CAST(trunc(sum(x) / count(x)) AS BIGINT), (x FLOAT) AS avg(x), (x DOUBLE) AS avg(x),
     (x BIGINT) AS error('the embedded warehouse does not do AVG of bigint: cast it to float8'),
     (x) AS error('the embedded warehouse does not do AVG of this type: cast it to float8')`,
  'rs_bool_and(x) AS bool_and(x)',
  'rs_bool_or(x) AS bool_or(x)',
  'rs_concat(a, b) AS a || b',
  'rs_nvl2(a, b, c) AS CASE WHEN a IS NOT NULL THEN b ELSE c END',
  'rs_charindex(a, b) AS strpos(b, a)',
  `rs_convert_timezone(target, x) AS timezone(target, timezone('UTC', CAST(x AS TIMESTAMP))),
     (source, target, x) AS timezone(target, timezone(source, CAST(x AS TIMESTAMP)))`,
  'rs_octet_length(x) AS strlen(x)',
  'rs_json_parse(x) AS CAST(CAST(x AS VARCHAR) AS JSON)',
  'rs_json_serialize(x) AS CAST(x AS VARCHAR)',
  'rs_can_json_parse(x) AS json_valid(CAST(x AS VARCHAR))',
  `rs_regexp_replace(x, p) AS regexp_replace(x, p, '', 'g'), (x, p, r) AS regexp_replace(x, p, r, 'g')`,
  'rs_regexp_substr(x, p) AS regexp_extract(x, p)',
  'rs_regexp_count(x, p) AS len(regexp_extract_all(x, p))',
];
