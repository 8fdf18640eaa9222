/** What the embedded AWS takes from the environment of its own process. */
import * as z from 'zod';

const environment = z.object({ PATH: z.string().default('/usr/bin:/bin') });

// biome-ignore lint/style/noProcessEnv: parsed once, here
export const HOST = environment.parse(process.env);
