/** Syntax that the transpiler or DuckDB would take, and that Redshift does not have or means differently. */
import { notDone, RedshiftError } from '../errors.ts';
import { isSyntax, type Token } from './tokens.ts';

const NOT_REDSHIFT = 'Redshift has no';
/** Consecutive keywords and symbols → what to say. */
const REFUSED: readonly (readonly [words: string, why: string])[] = [
  ['returning', `${NOT_REDSHIFT} RETURNING`],
  ['on conflict', `${NOT_REDSHIFT} ON CONFLICT`],
  ['distinct on', `${NOT_REDSHIFT} DISTINCT ON; use QUALIFY ROW_NUMBER() OVER (…) = 1`],
  ['filter (', `${NOT_REDSHIFT} FILTER; use CASE inside the aggregate`],
  ['lateral', `${NOT_REDSHIFT} LATERAL`],
  ['asof join', `${NOT_REDSHIFT} ASOF JOIN`],
  ['positional join', `${NOT_REDSHIFT} POSITIONAL JOIN`],
  ['semi join', `${NOT_REDSHIFT} SEMI JOIN; use EXISTS`],
  ['anti join', `${NOT_REDSHIFT} ANTI JOIN; use NOT EXISTS`],
  ['using sample', `${NOT_REDSHIFT} USING SAMPLE`],
  ['tablesample', `${NOT_REDSHIFT} TABLESAMPLE`],
  ['for update', `${NOT_REDSHIFT} FOR UPDATE`],
];
const NOT_DONE: readonly (readonly [words: string, instead?: string])[] = [
  ['similar to', 'use ~ or LIKE'],
  ['( + )', 'write LEFT JOIN'],
  ['pivot', 'use CASE inside aggregates'],
  ['unpivot'],
  ['unnest'],
  ['connect by'],
  ['current_timestamp', 'use GETDATE() or SYSDATE; on Redshift it runs on the leader node only'],
  ['current_time'],
  ['localtimestamp'],
];

/** @throws RedshiftError naming the first such place */
export function refuseForeignSyntax(tokens: readonly Token[]): void {
  for (let at = 0; at < tokens.length; at += 1) {
    const refused = REFUSED.find(([words]) => seesAt(tokens, at, words));
    if (refused) throw new RedshiftError(`ERROR: ${refused[1]}`);
    const undone = NOT_DONE.find(([words]) => seesAt(tokens, at, words));
    if (undone) throw notDone(undone[0].toUpperCase(), undone[1]);
  }
}

function seesAt(tokens: readonly Token[], at: number, words: string): boolean {
  return words.split(' ').every((word, index) => isSyntax(tokens[at + index], word));
}
