/** DuckDB's bound plan, as json_serialize_plan writes it. */
export type Plan = { [key: string]: PlanTree };
export type PlanTree = Plan | PlanTree[] | string | number | boolean | null | undefined;

const isPlan = (tree: PlanTree): tree is Plan => typeof tree === 'object' && tree !== null && !Array.isArray(tree);

/** The plan does not tell their type. */
const BOOLEANS = ['BOUND_COMPARISON', 'BOUND_CONJUNCTION', 'BOUND_BETWEEN'];
/** Such as `INTEGER`; a SUPER is `JSON`, an alias of VARCHAR. Empty where the plan does not tell. */
export function resultType(expression: PlanTree): string {
  if (!isPlan(expression)) return '';
  const { value, return_type: returned, expression_class: kind } = expression;
  if (BOOLEANS.includes(String(kind))) return 'BOOLEAN';
  const type = isPlan(value) && returned === undefined ? value['type'] : returned;
  if (!isPlan(type)) return '';
  return String((isPlan(type['type_info']) && type['type_info']['alias']) || type['id']);
}

/** NULL, which DuckDB first takes for an integer. */
export function isNullConstant(expression: PlanTree): boolean {
  if (!isPlan(expression)) return false;
  if (expression['expression_class'] === 'BOUND_CAST') return isNullConstant(expression['child']);
  return isPlan(expression['value']) && expression['value']['is_null'] === true;
}

/** The text of a constant, not null. */
export function constantText(tree: PlanTree): string | undefined {
  const expression = withoutCast(tree);
  const value =
    isPlan(expression) && expression['expression_class'] === 'BOUND_CONSTANT' ? expression['value'] : undefined;
  return isPlan(value) && value['is_null'] === false ? String(value['value']) : undefined;
}

/** What a CASE computes, but for branches that constants rule out: our macros tell types apart in this way. */
export function takenBranches(expression: Plan): PlanTree[] {
  const taken: PlanTree[] = [];
  for (const check of expression['case_checks'] as Plan[]) {
    const when = decide(check['when_expr']);
    if (when === false) continue;
    taken.push(check['then_expr']);
    if (when === true) return taken;
    taken.push(check['when_expr']);
  }
  return [...taken, expression['else_expr']];
}

/** Whether a condition of constant texts holds; undefined where it is another. */
function decide(when: PlanTree): boolean | undefined {
  if (!isPlan(when)) return undefined;
  const operands = when['type'] === 'COMPARE_EQUAL' ? [when['left'], when['right']] : when['children'];
  if (when['type'] !== 'COMPARE_EQUAL' && when['type'] !== 'COMPARE_IN') return undefined;
  const texts = (operands as PlanTree[]).map(constantText);
  const [first, ...rest] = texts;
  return texts.includes(undefined) ? undefined : rest.includes(first);
}

const withoutCast = (expression: PlanTree): PlanTree =>
  isPlan(expression) && expression['expression_class'] === 'BOUND_CAST' ? expression['child'] : expression;
