/** The CDK app, as cdk.json names it: `npx cdk synth`, `npx cdk deploy --all -c email=team@example.com`. */
import { resolve } from 'node:path';
import { blame } from '#lib/contract/blame.ts';
import { isAuthors, synthesize } from '#lib/stacks/index.ts';

const root = resolve(import.meta.dirname, '..');

try {
  const { default: config } = await import('../sluice.config.ts').catch((error: unknown) => {
    throw new Error(`The settings do not load: ${blame(error, root)}`);
  });
  await synthesize({ config });
} catch (error) {
  console.error(isAuthors(error) ? error.message : blame(error, root));
  process.exitCode = 1;
}
