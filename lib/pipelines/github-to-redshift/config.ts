import type { GithubObject, IncrementalObject, RepositoryObject } from '#lambdas/sources/github/objects.ts';
import type { Run } from '#lib/contract/envelope.ts';
import type { Ref } from '#sluice';

/** `all`, or names of repositories, or one of them. */
type Scope = 'all' | string | readonly string[];

export interface Organisation {
  readonly org: string;
  /** The connection: a secret of its own, or one that several organisations share. */
  readonly credential: string;
  /** The repositories that kinds of objects are wanted of: `{ commits: ['core', 'cli'] }`. Where it says nothing, all. */
  readonly repositories?: { readonly [K in RepositoryObject]?: Scope };
  /** Names of repositories of which nothing is wanted, in any case. */
  readonly except?: readonly string[];
}

/** Adding an organisation is a line here. */
export const orgs: readonly Organisation[] = [
  { org: 'astronomerio', credential: 'astronomerio-github' },
  { org: 'airflow-plugins', credential: 'astronomerio-github' },
];

/** A kind of object that is fetched. */
export type Fetched<O extends GithubObject = GithubObject> = {
  readonly object: O;
  /**
   * Sent with this object's requests, and no others; may be made from the run: `({ dataInterval }) => …`. `since` is
   * sent by the mode upsert. After a change here, run once with `--param full=true`.
   */
  readonly query?: (run: Ref<Omit<Run, 'params' | 'kept' | 'items'>>) => Readonly<Record<string, string | Ref<string>>>;
} & Mode;

/**
 * - `rebuild`: each run asks for the whole list, and the table holds what came
 * - `upsert`: a run asks for what was updated since the last one, and a full pass for the whole list (FULL_EVERY_DAYS).
 *   Only for lists that GitHub filters by `updated_at`, which is what their tables declare as incrementalKey. The
 *   `since` of commits goes by what git recorded, so that a push of older commits or over others would be missed; the
 *   other lists have none.
 */
type Mode = { readonly mode: 'rebuild' } | { readonly mode: 'upsert'; readonly object: IncrementalObject };

/**
 * Adding a kind of object is a line here. Beside these, tables/ declares pull_requests (whose query takes the same
 * `state`), issue_comments (which can be upserted), commit_comments, repositories and organizations.
 */
export const objects: readonly Fetched[] = [
  { object: 'issues', query: () => ({ state: 'all' }), mode: 'upsert' },
  { object: 'commits', mode: 'rebuild' },
  { object: 'members', mode: 'rebuild' },
];

/**
 * Days from one full pass to the next: how long what no `since` tells may go unnoticed, such as a deleted issue. One
 * more at any time: `--param full=true`.
 */
export const FULL_EVERY_DAYS = 7;

/** What a pipeline is made from. */
export interface Config {
  readonly orgs: readonly Organisation[];
  readonly objects: readonly Fetched[];
}

/**
 * The reports: by the name of the task, of its file and of its table, the tables of all organisations that it reads.
 * Their columns are in tables/reports.ts.
 */
export const reports = {
  open_issue_count: ['issues', 'issue_assignees'],
  open_issues_by_label: ['issues', 'issue_labels'],
  milestone_progress: ['issues', 'issue_milestones'],
  commits_per_person: ['commits'],
} as const;

export const reportTable = (report: string): string => `github_data.${report}`;

/** The zone of the reports' timestamps. */
export const reportingZone = 'America/New_York';

/** Of an organisation, at the most. */
export const repositories = { maxItems: 5000 } as const;

/**
 * How many extracts use one credential at a time. GitHub allows 100 requests at once, and of GET 900 a minute
 * (docs.github.com: "Rate limits for the REST API"): ten extracts, each asking for one page a second, are below both, and
 * use up the 5,000 requests of an hour in ten minutes.
 */
export const extractsOfACredential = 10;
