import { UsageError } from './errors.ts';
import { ASSEMBLY } from './place.ts';

/**
 * Synthesizes the app for the embedded AWS.
 * @throws UsageError with what the app said, where it cannot be (a wrong DAG, a SQL file's parameters)
 */
export async function synthesize(): Promise<void> {
  const app = await import('#lib/stacks/index.ts');
  try {
    await app.synthesize({ outdir: ASSEMBLY });
  } catch (error) {
    if (app.isMendable(error)) throw new UsageError(error.message);
    throw error;
  }
}
