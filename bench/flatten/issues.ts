/** Issues as GitHub lists them, generated: of the size, nesting and variety of the real ones. */

const WORDS =
  'when the scheduler starts a task in another zone it fails with an error that names no file but after upgrade works again see log below and please help'.split(
    ' ',
  );

/** A small generator with a seed: the same issues every time. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function user(id: number) {
  const login = `user-${id}`;
  const url = `https://api.github.com/users/${login}`;
  return {
    login,
    id,
    node_id: `U_${id}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `https://github.com/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: 'User',
    site_admin: false,
  };
}

/** Texts of issues, without end. */
export function* issueTexts(seed = 1): Generator<string> {
  const next = random(seed);
  const below = (n: number) => Math.floor(next() * n);
  const prose = (words: number) => Array.from({ length: words }, () => WORDS[below(WORDS.length)]).join(' ');
  for (let n = 1; ; n++) {
    const url = `https://api.github.com/repos/generated/repository-${n % 40}/issues/${n}`;
    const assignees = next() < 0.1 ? [user(below(500))] : [];
    const at = new Date(1.42e12 + n * 61_000).toISOString().replace('.000Z', 'Z');
    yield JSON.stringify({
      url,
      repository_url: url.replace(/\/issues.*/, ''),
      labels_url: `${url}/labels{/name}`,
      comments_url: `${url}/comments`,
      events_url: `${url}/events`,
      html_url: url.replace('api.github.com/repos', 'github.com'),
      id: 3_000_000_000 + n,
      node_id: `I_${n}`,
      number: n,
      title: prose(3 + below(8)),
      user: user(below(5000)),
      labels: Array.from({ length: below(3) }, (_, place) => ({
        id: place,
        name: prose(1),
        color: 'd73a4a',
        default: true,
      })),
      state: next() < 0.6 ? 'closed' : 'open',
      locked: false,
      assignee: assignees[0] ?? null,
      assignees,
      milestone: null,
      comments: below(20),
      created_at: at,
      updated_at: at,
      closed_at: null,
      author_association: 'NONE',
      ...(next() < 0.2 ? { pull_request: { url: url.replace('issues', 'pulls'), html_url: url } } : {}),
      body: `${prose(20 + below(200))}\r\n\r\n\`\`\`\r\n${prose(below(60))}\r\n\`\`\``,
      reactions: { url: `${url}/reactions`, total_count: 0, '+1': 0, '-1': 0, laugh: 0 },
      state_reason: null,
    });
  }
}
