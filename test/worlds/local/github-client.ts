import { type GitHub, type GitHubOptions, startGitHub } from '#local/sources/github/index.ts';

export type Item = Readonly<Record<string, unknown>>;

/** A server with a client that follows Link headers and keeps the answers' bytes. */
export const openGitHub = async (options: GitHubOptions = {}) => {
  const github: GitHub = await startGitHub(options);
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(path.startsWith('http') ? path : github.url + path, {
      headers: { authorization: 'token any', ...headers },
      redirect: 'manual',
    });
  const pages = async (path: string): Promise<{ url: string; text: string }[]> => {
    const found: { url: string; text: string }[] = [];
    for (let url: string | undefined = path; url !== undefined; ) {
      const answer: Response = await get(url);
      if (answer.status !== 200) throw new Error(`GET ${url}: ${answer.status} ${await answer.text()}`);
      found.push({ url, text: await answer.text() });
      url = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    return found;
  };
  const all = async (path: string): Promise<Item[]> =>
    (await pages(path)).flatMap(({ text }) => JSON.parse(text) as Item[]);
  return { github, get, pages, all };
};
