/**
 * Before each file of a process that several test files share: they share what is installed, such as the AWS SDK, which
 * takes long to load. Code of the project is loaded anew, since handlers keep clients of the servers that they first met,
 * and the environment is as it was before the first file.
 */
import { vi } from 'vitest';

const KEPT = Symbol.for('sluice.environment');
const kept = globalThis as { [KEPT]?: NodeJS.ProcessEnv };

const environment = kept[KEPT] ?? { ...process.env };
kept[KEPT] = environment;
for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
Object.assign(process.env, environment);
vi.useRealTimers();
vi.resetModules();
