import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCloudAssembly } from '#local/assembly/cloud-assembly.ts';
import { writeAssembly } from '../../worlds/local/cloud-assembly.ts';

test('stacks come in the order in which they deploy, whatever the order of the manifest', () => {
  const directory = writeAssembly({
    pipeline: { template: {}, dependencies: ['platform'] },
    platform: { template: {} },
  });

  expect(readCloudAssembly(directory).map(({ name }) => name)).toEqual(['platform', 'pipeline']);
});

test('an asset is found under the key that templates name', () => {
  const directory = writeAssembly({ app: { template: {} } }, { abc: '' });

  expect(readCloudAssembly(directory)[0]?.assets.get('abc.zip')).toBe(join(directory, 'asset.abc'));
});

test('a directory that is no cloud assembly is refused with the command that makes one', () => {
  expect(() => readCloudAssembly('/nowhere')).toThrow(/found no \/nowhere\/manifest.json. Run `npx cdk synth` first/);
});

test('a template with a macro is refused with the name of its file', () => {
  const directory = writeAssembly({ app: { template: { Transform: 'AWS::Serverless-2016-10-31' } } });

  expect(() => readCloudAssembly(directory)).toThrow(/app\.template\.json:\n.*macros and transforms are not supported/);
});
