/** Adding an organisation or an object to the pipeline is a line here. */
export const orgs = [
  { org: 'astronomerio', credential: 'astronomerio-github' },
  { org: 'airflow-plugins', credential: 'astronomerio-github' },
] as const;

/** An object of a repository is fetched for each repository of the organisation, one of the org once. */
export const objects = [
  { object: 'issues', per: 'repository', query: { state: 'all' }, mode: 'rebuild' },
  { object: 'members', per: 'org', query: {}, mode: 'rebuild' },
] as const;

/** The zone of the report's timestamps. */
export const reportingZone = 'America/New_York';

/**
 * Of an organisation, and the extra tries of each: what leaves room for three organisations in one run's history. The
 * extract itself asks GitHub again before it gives up.
 */
export const repositories = { maxItems: 600, retries: 1 } as const;
