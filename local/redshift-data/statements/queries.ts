/** SELECT, INSERT, UPDATE, DELETE. */
import { type DuckDBMaterializedResult, ResultReturnType } from '@duckdb/node-api';
import { checkPlan } from '../engine/bound-plan.ts';
import { resultSet } from '../engine/results.ts';
import type { Statement } from '../engine/statement.ts';
import { toDuckdb } from '../sql/query.ts';
import type { Token } from '../sql/tokens.ts';

export const query = (tokens: readonly Token[]): Statement => ({
  command: tokens[0]?.value.toUpperCase() ?? '',
  async run(session) {
    const sql = await toDuckdb(tokens, session);
    await checkPlan(session, sql, tokens);
    const result = await session.run(sql);
    if (result.returnType !== ResultReturnType.QUERY_RESULT) return { rows: result.rowsChanged };
    return withRows(result);
  },
});

async function withRows(result: DuckDBMaterializedResult) {
  const set = await resultSet(result);
  return { rows: set.records.length, result: set };
}
