import { Terminal } from '#lib/contract/errors.ts';
import type { Finding } from './record.ts';

/** What the task fails with, where one of its checks did: sample rows of each. */
export function failureOf(findings: readonly Finding[]): Terminal | undefined {
  const failed = findings.filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0) return undefined;
  const shown = failed.slice(0, SHOWN.checks);
  const rows = Math.max(1, Math.floor(SHOWN.rows / shown.length));
  const more = failed.length - shown.length;
  return new Terminal(
    [
      `${failed.length} of ${findings.length} checks failed:`,
      ...shown.map((finding) => describe(finding, rows)),
      ...(more > 0 ? [`- and ${more} more`] : []),
      'All results are in sluice.quality. Correct the data or the check, and run the task again.',
    ].join('\n'),
  );
}

/** Step Functions keeps 32 KiB of an error, so that a mail has no more. */
const SHOWN = { checks: 40, rows: 40 };

const describe = ({ name, offending, threshold, sample }: Finding, rows: number): string =>
  [`- ${name}: ${offending} offending (${threshold} allowed), such as`, ...sample.slice(0, rows)].join('\n    ');
