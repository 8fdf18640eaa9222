import { type Person, userObject } from './people.ts';

/** What a repository object is made from. */
export interface RepositoryFacts {
  readonly owner: Person;
  readonly name: string;
  readonly id: number;
  readonly openIssues: number;
}

const API = 'https://api.github.com';

const PARTS = {
  forks: '/forks',
  keys: '/keys{/key_id}',
  collaborators: '/collaborators{/collaborator}',
  teams: '/teams',
  hooks: '/hooks',
  issue_events: '/issues/events{/number}',
  events: '/events',
  assignees: '/assignees{/user}',
  branches: '/branches{/branch}',
  tags: '/tags',
  blobs: '/git/blobs{/sha}',
  git_tags: '/git/tags{/sha}',
  git_refs: '/git/refs{/sha}',
  trees: '/git/trees{/sha}',
  statuses: '/statuses/{sha}',
  languages: '/languages',
  stargazers: '/stargazers',
  contributors: '/contributors',
  subscribers: '/subscribers',
  subscription: '/subscription',
  commits: '/commits{/sha}',
  git_commits: '/git/commits{/sha}',
  comments: '/comments{/number}',
  issue_comment: '/issues/comments{/number}',
  contents: '/contents/{+path}',
  compare: '/compare/{base}...{head}',
  merges: '/merges',
  archive: '/{archive_format}{/ref}',
  downloads: '/downloads',
  issues: '/issues{/number}',
  pulls: '/pulls{/number}',
  milestones: '/milestones{/number}',
  notifications: '/notifications{?since,all,participating}',
  labels: '/labels{/name}',
  releases: '/releases{/id}',
  deployments: '/deployments',
};

/** A repository as `/orgs/{org}/repos` shows one. */
export const repositoryObject = ({ owner, name, id, openIssues }: RepositoryFacts) => {
  const fullName = `${owner.login}/${name}`;
  const url = `${API}/repos/${fullName}`;
  return {
    id,
    node_id: `R_${Buffer.from(String(id)).toString('base64url')}`,
    name,
    full_name: fullName,
    private: false,
    owner: userObject(owner, 'Organization'),
    html_url: `https://github.com/${fullName}`,
    description: null,
    fork: false,
    url,
    ...Object.fromEntries(Object.entries(PARTS).map(([part, path]) => [`${part}_url`, url + path])),
    created_at: '2017-09-15T21:43:08Z',
    updated_at: '2025-11-19T15:57:54Z',
    pushed_at: '2025-11-19T20:11:46Z',
    git_url: `git://github.com/${fullName}.git`,
    ssh_url: `git@github.com:${fullName}.git`,
    clone_url: `https://github.com/${fullName}.git`,
    svn_url: `https://github.com/${fullName}`,
    homepage: null,
    size: 1208,
    stargazers_count: 0,
    watchers_count: 0,
    language: 'Python',
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: openIssues,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: 'public',
    forks: 0,
    open_issues: openIssues,
    watchers: 0,
    default_branch: 'main',
    permissions: { admin: false, maintain: false, push: false, triage: false, pull: true },
  };
};

/** An organisation as `/user/orgs` lists one. */
export const membershipObject = ({ login, id }: Person) => {
  const url = `${API}/orgs/${login}`;
  return {
    login,
    id,
    node_id: Buffer.from(`012:Organization${id}`).toString('base64'),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    description: null,
  };
};

/** An organisation as `/orgs/{org}` shows one. */
export const organisationObject = (owner: Person, publicRepos: number) => ({
  ...membershipObject(owner),
  is_verified: false,
  has_organization_projects: true,
  has_repository_projects: true,
  public_repos: publicRepos,
  public_gists: 0,
  followers: 0,
  following: 0,
  html_url: `https://github.com/${owner.login}`,
  created_at: '2017-09-12T16:55:36Z',
  updated_at: '2025-03-14T15:34:56Z',
  archived_at: null,
  type: 'Organization',
});
