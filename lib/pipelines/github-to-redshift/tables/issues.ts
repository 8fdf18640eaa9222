import type { ChildTable } from '#lib/contract/table.ts';
import type { Table } from '#sluice';
import {
  counts,
  created,
  flags,
  id,
  ids,
  lines,
  login,
  type Named,
  names,
  texts,
  times,
  urls,
  words,
} from './columns.ts';

/** Issues **and pull requests**: GitHub lists both. Only a pull request has `pull_request_url`. */
export const issues = (named: Named): Table => ({
  name: named('issues'),
  columns: [
    id,
    { name: 'number', type: 'int4', notNull: true },
    ...lines('title'),
    ...texts('body'),
    { name: 'state', type: 'varchar(32)', notNull: true },
    ...words('state_reason'),
    ...flags('locked'),
    ...counts('comments'),
    ...words('author_association'),
    ...ids('user_id'),
    ...names('user_login'),
    ...ids('assignee_id', 'milestone_id'),
    created,
    ...times('updated_at', 'closed_at'),
    ...urls('pull_request_url', 'repository_url', 'url', 'html_url', 'comments_url', 'events_url', 'labels_url'),
  ],
  primaryKey: ['id'],
  incrementalKey: 'updated_at',
  distKey: 'id',
  sortKey: ['created_at'],
  children: [
    assigneesOf('issue', named('issue_assignees')),
    labelsOf('issue', named('issue_labels')),
    {
      name: named('issue_milestones'),
      from: ['milestone'],
      parent: { issue_id: 'id' },
      columns: [
        { ...id, name: 'issue_id' },
        id,
        ...counts('number'),
        ...lines('title'),
        ...texts('description'),
        ...words('state'),
        ...times('due_on', 'created_at', 'updated_at', 'closed_at'),
        ...urls('url', 'html_url'),
      ],
    },
  ],
});

/** A row for each person that an issue or a pull request is assigned to. */
export function assigneesOf(parent: 'issue' | 'pull_request', name: string): ChildTable {
  const parentId = { ...id, name: `${parent}_id` };
  return {
    name,
    // Answers of before 2016 have only the one assignee.
    from: ['assignees', 'assignee'],
    parent: { [parentId.name]: 'id' },
    columns: [parentId, id, login],
  };
}

/** A row for each label of an issue or a pull request. */
export function labelsOf(parent: 'issue' | 'pull_request', name: string): ChildTable {
  const parentId = { ...id, name: `${parent}_id` };
  return {
    name,
    from: ['labels'],
    parent: { [parentId.name]: 'id' },
    columns: [
      parentId,
      // Answers of before 2017 have no id.
      ...ids('id'),
      { name: 'name', type: 'varchar(1024)', notNull: true },
      ...words('color'),
      ...lines('description'),
      ...urls('url'),
    ],
  };
}
