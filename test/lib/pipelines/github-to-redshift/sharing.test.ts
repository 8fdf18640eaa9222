import fc from 'fast-check';
import { expect, test } from 'vitest';
import { githubObject } from '#lambdas/sources/github/objects.ts';
import { DagError } from '#lib/dag/index.ts';
import { type Config, extractsOfACredential } from '#lib/pipelines/github-to-redshift/config.ts';
import { githubToRedshift } from '#lib/pipelines/github-to-redshift/dag.ts';
import { sharing } from '#lib/pipelines/github-to-redshift/sharing.ts';

const configs: fc.Arbitrary<Config> = fc.record({
  orgs: fc
    .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 12 })
    .map((credentials) => credentials.map((credential, n) => ({ org: `org${n}`, credential }))),
  objects: fc
    .subarray([...githubObject.options], { minLength: 1 })
    .map((objects) => objects.map((object) => ({ object, mode: 'rebuild' as const }))),
});
const credentialsOf = ({ orgs }: Config) => [...new Set(orgs.map(({ credential }) => credential))];

/** What of a pipeline's extracts may run side by side over a credential: a list of repositories is before its map. */
function sideBySide(dag: ReturnType<typeof githubToRedshift>, credential: string): number {
  const uses = dag
    .graph()
    .tasks.filter(({ type }) => /^github-(to|repository-to)/.test(type ?? ''))
    .filter(({ grants }) => grants.some(({ to }) => 'connection' in to && to.connection === credential));
  return uses.reduce((sum, { map }) => sum + (map?.maxConcurrency ?? 1), 0);
}

test('whatever the configuration, no credential is used by more extracts than may, or it is refused', () => {
  let refused = 0;
  const property = fc.property(configs, (config) => {
    const built = attempted(() => githubToRedshift(config));
    if (built instanceof DagError) refused++;
    else
      for (const one of credentialsOf(config))
        expect(sideBySide(built, one)).toBeLessThanOrEqual(extractsOfACredential);
  });
  fc.assert(property);
  expect(refused).toBeGreaterThan(0);
});

test('every place is given to somebody, in equal shares but for one, and every organisation has one', () => {
  const issues: Config['objects'] = [{ object: 'issues', mode: 'rebuild' }];
  const property = fc.property(configs, fc.integer({ min: 12, max: 100 }), ({ orgs }, most) => {
    const all = sharing({ orgs, objects: issues }, most);
    expect(all.map(({ org }) => org)).toEqual(orgs.map(({ org }) => org));
    for (const credential of credentialsOf({ orgs, objects: issues })) {
      const shares = all.filter((one) => one.credential === credential).map((one) => one.repositoriesAtATime);
      expect(Math.min(...shares)).toBeGreaterThan(0);
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      const sum = shares.reduce((one, other) => one + other);
      if (Math.max(...shares) < 40) expect(sum).toBe(most);
    }
  });
  fc.assert(property);
});

test('more organisations than may use a credential are refused, naming it and the way out', () => {
  const orgs = Array.from({ length: extractsOfACredential + 1 }, (_, n) => ({ org: `org${n}`, credential: 'shared' }));
  expect(() => githubToRedshift({ orgs, objects: [{ object: 'issues', mode: 'rebuild' }] })).toThrow(
    `shared: the extracts of the ${orgs.length} organisations that share this credential are ${orgs.length} side by ` +
      `side, and ${extractsOfACredential} may use it. Give some of them a credential of their own, or raise ` +
      'extractsOfACredential in config.ts.',
  );
});

function attempted<T>(work: () => T): T | DagError {
  try {
    return work();
  } catch (error) {
    if (error instanceof DagError) return error;
    throw error;
  }
}
