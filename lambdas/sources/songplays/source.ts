import * as z from 'zod';
import { describeSource } from '../descriptor.ts';

const HOST = 'the server of the music app';

export const source = describeSource({
  type: 'http',
  name: 'the music app',
  layout: 'log_data/<day>-events.json and songs.ndjson',
  startStandIn: async (directory) => {
    const { startMusicApp } = await import('#local/sources/songplays/index.ts');
    const app = await startMusicApp(directory === undefined ? {} : { source: directory });
    return { secretOf: () => ({ baseUrl: app.url }), close: () => app.close() };
  },
  live: {
    host: HOST,
    variables: z.object({ MUSIC_APP_URL: z.url() }),
    secret: ({ MUSIC_APP_URL: baseUrl }) => ({ baseUrl }),
    cost: async () => ['This run reads one file of events and the catalogue of songs.'],
  },
});
