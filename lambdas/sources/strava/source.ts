import * as z from 'zod';
import { describeSource } from '../descriptor.ts';

const HOST = 'www.strava.com';

export const source = describeSource({
  type: 'oauth2',
  name: 'Strava',
  layout: '<name>.json, lists of activities of one athlete or several',
  startStandIn: async (directory) => {
    const { startStrava } = await import('#local/sources/strava/index.ts');
    const strava = await startStrava(directory === undefined ? {} : { source: directory });
    return { secretOf: strava.connect, close: () => strava.close() };
  },
  live: {
    host: HOST,
    variables: z.object({}),
    // Refreshed tokens are kept in the connection's own secret: one of the run alone would lose them.
    secret: () => undefined,
    cost: async () => [
      'This run asks Strava for a page of 200 activities at a time, and allows itself what its limits leave.',
    ],
  },
  provider: {
    baseUrl: `https://${HOST}/api/v3`,
    authorizationUrl: `https://${HOST}/oauth/authorize`,
    tokenUrl: `https://${HOST}/oauth/token`,
    scope: 'activity:read_all',
    parameters: { approval_prompt: 'auto' },
    hasPkce: false,
  },
});
