import * as z from 'zod';
import { describeSource } from '../descriptor.ts';
import { costOfRun } from './cost.ts';

const HOST = 'api.github.com';
const baseUrl = `https://${HOST}`;

export const source = describeSource({
  type: 'github',
  name: 'GitHub',
  layout: '<org>/<repository>/<object>.ndjson and <org>/members.ndjson',
  startStandIn: async (directory) => {
    const { startGitHub } = await import('#local/sources/github/index.ts');
    const github = await startGitHub(directory === undefined ? {} : { source: directory });
    return { secretOf: () => ({ token: 'stand-in', baseUrl: github.url }), close: () => github.close() };
  },
  live: {
    host: HOST,
    variables: z.object({ GITHUB_TOKEN: z.string().min(1) }),
    secret: ({ GITHUB_TOKEN: token }) => ({ token, baseUrl }),
    cost: async (tasks, { GITHUB_TOKEN: token }) => [await costOfRun(tasks, { token, baseUrl })],
  },
});
