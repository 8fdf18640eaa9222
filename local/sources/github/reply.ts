/** What a route answers. */
export interface Reply {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

export const json = (text: string): Reply => ({ status: 200, body: Buffer.from(text), headers: {} });

/** An error in GitHub's shape. */
export const failure = (status: number, message: string): Reply => ({
  status,
  body: Buffer.from(
    JSON.stringify({ message, documentation_url: 'https://docs.github.com/rest', status: String(status) }),
  ),
  headers: {},
});

export const notFound = (): Reply => failure(404, 'Not Found');

/** What a renamed repository's old address answers. */
export const movedTo = (url: string): Reply => ({
  status: 301,
  body: Buffer.from(
    JSON.stringify({ message: 'Moved Permanently', url, documentation_url: 'https://docs.github.com/rest' }),
  ),
  headers: { location: url },
});
