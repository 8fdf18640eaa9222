/**
 * What only types tell: DuckDB compares, orders and casts where Redshift refuses, or means something else. It is read off
 * the plan that DuckDB makes of a statement, before it runs.
 */
import { RedshiftError } from '../errors.ts';
import { quoteText } from '../sql/names.ts';
import { isSyntax, type Token } from '../sql/tokens.ts';
import { requireImplicitCast, requireMatchedTypes } from './implicit-casts.ts';
import { type Plan, type PlanTree, resultType, takenBranches } from './plan-tree.ts';
import type { Session } from './session.ts';

/** What may be done with a SUPER: navigation, and the macros of catalog/cast-macros.ts. */
const SUPER_FUNCTIONS = [
  'json_extract',
  'json_extract_string',
  '->',
  '->>',
  'json_type',
  'to_json',
  'json',
  'list_filter',
];
/** Where a SUPER passes through as it is. */
const PASSING = ['BOUND_CASE', 'BOUND_CAST'];
const SUPER_ADVICE = 'Cast it to a scalar type first, as in a.s.x::varchar.';

/** @throws RedshiftError for what Redshift or this warehouse does not do with values of these types */
export async function checkPlan(session: Session, duckdbSql: string, tokens: readonly Token[]): Promise<void> {
  const [row] = await session.rows(`SELECT json_serialize_plan(${quoteText(duckdbSql)}) AS plan`);
  const { plans } = JSON.parse(String(row?.['plan'])) as { plans?: PlanTree };
  // Of a statement that cannot be bound there is none: it fails when it runs.
  if (plans) new PlanCheck(hasOuterJoin(tokens)).check(plans);
}

const hasOuterJoin = (tokens: readonly Token[]): boolean =>
  tokens.some((token, at) => isSyntax(token, 'right', 'full') && isSyntax(tokens[at + 1], 'join', 'outer'));

class PlanCheck {
  readonly #outerJoins: boolean;

  constructor(outerJoins: boolean) {
    this.#outerJoins = outerJoins;
  }

  check(tree: PlanTree): void {
    if (Array.isArray(tree)) for (const item of tree) this.check(item);
    if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return;
    if (tree['expression_class']) this.#checkExpression(tree);
    else this.#checkOperator(tree);
  }

  #checkOperator(node: Plan): void {
    const { type } = node;
    if (type === 'LOGICAL_ORDER_BY' || type === 'LOGICAL_TOP_N') refuseSuper('ORDER BY', node['orders']);
    if (type === 'LOGICAL_AGGREGATE_AND_GROUP_BY') refuseSuper('GROUP BY', node['groups']);
    if (type === 'LOGICAL_DISTINCT')
      refuseSuper('DISTINCT, or a set operation other than UNION ALL,', node['distinct_targets']);
    if (SET_OPERATIONS.includes(String(type))) requireMatchedTypes(projectionsOf(node));
    if (type === 'LOGICAL_COMPARISON_JOIN') refuseSuper('a comparison', node['conditions']);
    if (type === 'LOGICAL_GET' && this.#outerJoins) refuseScannedSuper(node);
    for (const [key, value] of Object.entries(node)) if (key !== 'bound_defaults') this.check(value);
  }

  #checkExpression(expression: Plan): void {
    const kind = String(expression['expression_class']);
    if (kind === 'BOUND_CASE') {
      this.check(takenBranches(expression));
      return;
    }
    if (kind === 'BOUND_CAST') requireImplicitCast(expression);
    if (kind === 'BOUND_AGGREGATE') refuseBoolean(expression);
    if (expression['name'] === 'array_extract' && resultType(childrenOf(expression)[0]) === 'VARCHAR') {
      throw new RedshiftError('ERROR: an index in brackets is for the arrays of a SUPER, and this value is none');
    }
    if (!PASSING.includes(kind) && !SUPER_FUNCTIONS.includes(String(expression['name']))) {
      refuseSuper(spoken(expression), childrenOf(expression));
    }
    for (const child of childrenOf(expression)) this.check(child);
  }
}

const SET_OPERATIONS = ['LOGICAL_UNION', 'LOGICAL_EXCEPT', 'LOGICAL_INTERSECT'];

/** What each query of a set operation gives. */
const projectionsOf = ({ children }: Plan): Plan[][] =>
  (children as Plan[]).filter(({ type }) => type === 'LOGICAL_PROJECTION').map(childrenOfProjection);
const childrenOfProjection = ({ expressions }: Plan): Plan[] => expressionsIn(expressions);

const childrenOf = (expression: Plan): Plan[] => Object.values(expression).flatMap(expressionsIn);

/** The outermost ones. */
function expressionsIn(tree: PlanTree): Plan[] {
  if (Array.isArray(tree)) return tree.flatMap(expressionsIn);
  if (typeof tree !== 'object' || tree === null) return [];
  return tree['expression_class'] ? [tree] : Object.values(tree).flatMap(expressionsIn);
}

function refuseSuper(what: string, tree: PlanTree | undefined): void {
  if (!expressionsIn(tree).some((expression) => resultType(expression) === 'JSON')) return;
  throw new RedshiftError(`ERROR: the embedded warehouse does not do ${what} of a SUPER. ${SUPER_ADVICE}`);
}

/** @throws RedshiftError as Redshift does: a SUPER takes no part in a RIGHT or FULL JOIN */
function refuseScannedSuper(get: Plan): void {
  const types = get['returned_types'] as Plan[];
  const columns = get['column_indexes'] as { index: number }[];
  if (!columns.some(({ index }) => types[index] && resultType({ return_type: types[index] }) === 'JSON')) return;
  throw new RedshiftError(
    'ERROR: SUPER columns cannot be used in a statement with a RIGHT or FULL JOIN. Write LEFT JOIN.',
  );
}

function refuseBoolean(aggregate: Plan): void {
  const name = String(aggregate['name']);
  const isBoolean = childrenOf(aggregate).some((argument) => resultType(argument) === 'BOOLEAN');
  if (isBoolean && ['sum', 'avg', 'min', 'max', 'sum_no_overflow'].includes(name))
    throw new RedshiftError(`ERROR: function ${name}(boolean) does not exist. Use BOOL_AND, BOOL_OR or CASE.`);
}

const SPOKEN: Readonly<Record<string, string>> = {
  BOUND_COMPARISON: 'a comparison',
  BOUND_BETWEEN: 'BETWEEN',
  BOUND_OPERATOR: 'IN, COALESCE or another operator',
  BOUND_CONJUNCTION: 'AND or OR',
  BOUND_WINDOW: 'a window function',
};
const spoken = ({ expression_class: kind, name }: Plan): string =>
  SPOKEN[String(kind)] ?? (/^\w+$/.test(String(name)) ? `the function ${name}()` : `the operator ${name}`);
