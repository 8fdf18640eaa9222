/** Redshift's functions that DuckDB lacks or computes differently. The names are those of sql/functions.ts with a prefix. */
import { CAST_MACROS } from './cast-macros.ts';

/** A macro on a time that keeps its zone; a date or text becomes a timestamp. */
const onTimes = (macro: string, before: readonly string[], body: (x: string) => string): string =>
  `${macro}${['TIMESTAMP', 'TIMESTAMPTZ', 'DATE', 'VARCHAR']
    .map((type) => {
      const value = type.startsWith('TIMESTAMP') ? 'x' : 'CAST(x AS TIMESTAMP)';
      return `(${[...before, `x ${type}`].join(', ')}) AS ${body(value)}`;
    })
    .join(', ')}`;

export const MACROS: readonly string[] = [
  ...CAST_MACROS,
  `rs_div(a, b) AS CASE WHEN b = 0 THEN error('Divide by zero') ELSE a / b END`,
  `rs_mod(a, b) AS CASE WHEN b = 0 THEN error('Divide by zero') ELSE a % b END`,
  "rs_getdate() AS CAST(date_trunc('second', now()) AS TIMESTAMP)",
  'rs_current_date() AS CAST(now() AS DATE)',
  'rs_sysdate() AS CAST(now() AS TIMESTAMP)',
  onTimes('rs_date_trunc', ['part'], (x) => `date_trunc(part, ${x})`),
  // The one part that DATE_PART gives with its fraction, and EXTRACT without.
  `rs_date_part(part, x) AS CASE WHEN part = 'second' THEN date_part('microsecond', CAST(x AS TIMESTAMP)) / 1e6
     ELSE CAST(date_part(part, CAST(x AS TIMESTAMP)) AS DOUBLE) END`,
  onTimes('rs_extract', ['part'], (x) => `CAST(floor(date_part(part, ${x})) AS BIGINT)`),
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
     (x BIGINT) AS CAST(sum(x) AS DECIMAL(38, 0)), (x) AS rs_finite(sum(x))`,
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
  'rs_btrim(x) AS trim(x), (x, c) AS trim(x, c)',
  "rs_lpad(x, n) AS lpad(x, n, ' '), (x, n, p) AS lpad(x, n, p)",
  "rs_rpad(x, n) AS rpad(x, n, ' '), (x, n, p) AS rpad(x, n, p)",
  'rs_sign(x) AS CAST(sign(x) AS INTEGER)',
  'rs_exp(x) AS rs_finite(exp(x))',
  ...['rs_pow', 'rs_power'].map(
    (macro) => `${macro}(a, b) AS CASE WHEN NOT isfinite(power(a, b))
      THEN error('the power of these numbers is undefined or too large') ELSE power(a, b) END`,
  ),
  // From the end DuckDB counts where Redshift stops.
  ...['left', 'right'].map(
    (side) => `rs_${side}(x, n) AS CASE WHEN n < 0
      THEN error('the embedded warehouse does not do ${side.toUpperCase()} with a negative length') ELSE "${side}"(x, n) END`,
  ),
  `rs_substring(x, f) AS substring(x, greatest(f, 1)),
     (x, f, n) AS CASE WHEN n < 0 THEN error('negative substring length not allowed')
       WHEN f < 1 THEN substring(x, 1, greatest(f + n - 1, 0)) ELSE substring(x, f, n) END`,
  `rs_split_part(x, d, n) AS CASE WHEN n < 1 THEN error('field position must be greater than zero')
     WHEN d = '' THEN error('the embedded warehouse does not do SPLIT_PART with an empty delimiter')
     ELSE split_part(x, d, n) END`,
  `rs_convert_timezone(target, x) AS timezone(target, timezone('UTC', CAST(x AS TIMESTAMP))),
     (source, target, x) AS timezone(target, timezone(source, CAST(x AS TIMESTAMP)))`,
  'rs_octet_length(x) AS strlen(x)',
  `rs_regexp_replace(x, p) AS regexp_replace(x, p, '', 'g'), (x, p, r) AS regexp_replace(x, p, r, 'g')`,
  'rs_regexp_substr(x, p) AS regexp_extract(x, p)',
  'rs_regexp_count(x, p) AS len(regexp_extract_all(x, p))',
];
