import type { Column, Table } from '#lib/contract/table.ts';
import { type reports, reportTable } from '../config.ts';
import { counts, lines, times, urls, words } from './columns.ts';

type Report = keyof typeof reports;

const required = (name: string, type: Column['type']): Column => ({ name, type, notNull: true });
const count = required('count', 'int8');

/** What the files in sql/github-to-redshift fill: of each logical date one set of rows, which its runs replace. */
export const reportTables: readonly Table[] = [
  report('open_issue_count', ['login'], [required('login', 'varchar(255)'), count]),
  report('open_issues_by_label', ['label'], [required('label', 'varchar(1024)'), count]),
  report(
    'milestone_progress',
    ['milestone_id'],
    [
      required('milestone_id', 'int8'),
      ...counts('number'),
      ...lines('title'),
      ...words('state'),
      ...times('due_on', 'closed_at'),
      required('open_issues', 'int8'),
      required('closed_issues', 'int8'),
      ...urls('url'),
    ],
  ),
  report(
    'commits_per_person',
    ['person', 'has_account'],
    [required('person', 'varchar(4096)'), required('has_account', 'boolean'), count],
  ),
];

function report(name: Report, key: readonly string[], columns: readonly Column[]): Table {
  // In the reporting zone, and UTC.
  const dates = [required('timestamp', 'timestamp'), required('logical_date', 'timestamp')];
  return { name: reportTable(name), columns: [...columns, ...dates], primaryKey: ['logical_date', ...key] };
}
