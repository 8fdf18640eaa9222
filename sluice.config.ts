import { defineConfig } from '#sluice';

/** The settings of each stage; lib/contract/config.ts says what there is. `-c name=value` overrides them. */
export default defineConfig({
  stages: {
    default: { pipelines: ['github-to-redshift'] },
  },
});
