/** The checks of a task as queries. */
import type { z } from 'zod';
import type { Session } from '#lambdas/warehouse/session.ts';
import { Terminal } from '#lib/contract/errors.ts';
import { names, replaceNames, statements } from '#lib/sql/statements.ts';
import type { dataQuality } from './task.ts';

type Check = z.output<typeof dataQuality.type.input>['checks'][number];

export interface BoundCheck {
  readonly name: string;
  readonly severity: 'warn' | 'fail';
  readonly threshold: number;
  readonly sql: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * The checks, each with names of its own for its values, so that all can stand in one query.
 * @throws Terminal where a check is not one query, or lacks a value
 */
export const bindChecks = (checks: readonly Check[]): BoundCheck[] => checks.map(bindCheck);

function bindCheck({ name, sql, params = {}, severity = 'fail', threshold = 0 }: Check, nth: number): BoundCheck {
  const [statement, ...more] = statements(sql);
  if (statement === undefined || more.length > 0) {
    throw new Terminal(
      `The check '${name}' has ${more.length + (statement ? 1 : 0)} statements. Write it as one query.`,
    );
  }
  const taken = names(statement);
  const lacking = taken.filter((param) => !Object.hasOwn(params, param));
  if (lacking.length > 0) {
    throw new Terminal(`The check '${name}' names :${lacking.join(', :')}. Give each of them a value in its params.`);
  }
  const own = (param: string) => `check_${nth}_${param}`;
  return {
    name,
    severity,
    threshold,
    sql: replaceNames(statement, (param) => `:${own(param)}`),
    parameters: Object.fromEntries(taken.map((param) => [own(param), String(params[param])])),
  };
}

/** How many rows offend each of the checks, all asked in one statement: they see the same state of the tables. */
export async function countsOf(warehouse: Pick<Session, 'query'>, checks: readonly BoundCheck[]): Promise<number[]> {
  const queries = checks.map(({ sql }, n) => `SELECT ${n} AS n, COUNT(*) AS offending FROM (${sql}) AS offending_rows`);
  const rows = await warehouse.query({
    doing: `Checking ${checks.map(({ name }) => name).join(', ')}`,
    sql: queries.join(' UNION ALL '),
    parameters: Object.assign({}, ...checks.map(({ parameters }) => parameters)),
  });
  const counts = new Map(rows.map(({ n, offending }) => [Number(n), Number(offending)]));
  return checks.map((_, n) => counts.get(n) ?? 0);
}

const SAMPLE_ROWS = 5;
const LONGEST_ROW = 500;

/** Some of the offending rows, as JSON. */
export async function samplesOf(
  warehouse: Pick<Session, 'query'>,
  { name, sql, parameters }: BoundCheck,
): Promise<string[]> {
  const rows = await warehouse.query({
    doing: `Asking for rows that offend '${name}'`,
    sql: `SELECT * FROM (${sql}) AS offending_rows LIMIT ${SAMPLE_ROWS}`,
    parameters,
  });
  return rows.map((row) => JSON.stringify(row, digits).slice(0, LONGEST_ROW));
}

const digits = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
