import { implement, type TaskContext } from '#lambdas/runtime/implement.ts';
import { openWarehouse } from '#lambdas/warehouse/engines/index.ts';
import { failureOf } from './failure.ts';
import { bindChecks, countsOf, samplesOf } from './query.ts';
import { type Finding, outcomeOf, record } from './record.ts';
import { dataQuality } from './task.ts';

export const handler = implement(dataQuality, async ({ connection, checks }, context) => {
  const warehouse = await openWarehouse(context, connection);
  const bound = bindChecks(checks);
  const counts = await countsOf(warehouse, bound);
  const findings: Finding[] = [];
  for (const [n, check] of bound.entries()) {
    const offending = counts[n] ?? 0;
    const sample = offending > 0 ? await samplesOf(warehouse, check) : [];
    findings.push({ ...check, offending, sample, outcome: outcomeOf(check, offending) });
  }
  await record(warehouse, context, findings);
  report(context, findings);
  const failure = failureOf(findings);
  if (failure) throw failure;
  const warnings = findings.filter(({ outcome }) => outcome === 'warned').map(({ name }) => name);
  return { checks: findings.length, warnings };
});

/** Of CloudWatch's embedded metric format: a log line that is a metric too. */
const METRIC = { Namespace: 'Sluice', Dimensions: [['pipeline', 'check']], Metrics: [{ Name: 'OffendingRows' }] };

function report({ log }: TaskContext, findings: readonly Finding[]): void {
  for (const { name, offending, threshold, outcome, sample } of findings) {
    const _aws = { Timestamp: Date.now(), CloudWatchMetrics: [METRIC] };
    const found = { _aws, check: name, OffendingRows: offending, threshold, outcome };
    if (outcome === 'passed') log.info('a check passed', found);
    else log.warn('a check found offending rows', { ...found, sample });
  }
}
