/** The CDK app, as cdk.json names it: `npx cdk synth`, `npx cdk deploy --all -c email=team@example.com`. */
import { isMendable, synthesize } from '#lib/stacks/index.ts';

try {
  await synthesize();
} catch (error) {
  if (!isMendable(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
