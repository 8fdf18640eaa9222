#!/usr/bin/env node
// Plain JavaScript, so that an old Node can read it far enough to say what is wrong.
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(
    `sluice runs on the Node 24 that \`npm ci\` installs, but was started by Node ${process.versions.node}.\n` +
      'Start it as `npx sluice …` or `npm start`. If that is what you did, run `npm rebuild node` first.',
  );
  process.exit(2);
}
// A command loads some three hundred files of TypeScript: kept compiled, it starts in two thirds of the time.
const { enableCompileCache } = await import('node:module');
enableCompileCache();
const { main } = await import('../lib/cli/main.ts');
// What is thrown where no command waits for it, such as in a callback.
process.on('uncaughtException', (error) => void reportAndExit(error));
async function reportAndExit(error) {
  const { reportInternal } = await import('../lib/cli/internal-error.ts');
  process.exit(reportInternal(error));
}
process.exitCode = await main(process.argv.slice(2));
