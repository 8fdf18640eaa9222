import { expect, test } from 'vitest';
import { checkFiles } from '#lib/dag/index.ts';
import { use } from '#lib/pipelines/connections.ts';
import { bash } from '#tasks/bash/task.ts';
import { redshiftSql } from '#tasks/redshift-sql/task.ts';
import { newDag, probe, to } from '../../worlds/probe.ts';

const file = 'sql/test/count.sql';

function check(sql: string) {
  const dag = newDag();
  dag.task('before', probe({ to }));
  dag.task(
    'count',
    redshiftSql({
      connection: use('redshift', 'wh'),
      file,
      params: { day: dag.run.logicalDate },
      relations: { issues: ['a.b', 'a.c'] },
    }),
  );
  return () => checkFiles(dag.graph(), (path) => (path === file ? sql : ''));
}

test("a file whose names are the task's params and relations passes", () => {
  expect(check(`insert into t select :day::date, ':not' from :issues -- and not :this`)).not.toThrow();
});

test('names that only one of both has are told, with the task and the file', () => {
  expect(check('select :dya from :issues')).toThrow(
    [
      'count: sql/test/count.sql names :dya, which the task does not give',
      'count: sql/test/count.sql does not name :day, which the task gives',
    ].join('\n  - '),
  );
});

test('a file without a statement, and one that cannot be read, are told', () => {
  expect(check('-- :day :issues')).toThrow('has no statement');
  const dag = newDag();
  dag.task('count', redshiftSql({ connection: use('redshift', 'wh'), file }));
  const read = () => {
    throw new Error('ENOENT: no such file');
  };
  expect(() => checkFiles(dag.graph(), read)).toThrow(`count: ${file} cannot be read: ENOENT: no such file`);
});

test('scripts that are missing, and paths that lead out of the project, are told together with their tasks', () => {
  const dag = newDag();
  dag.task('there', bash({ file: 'lib/pipelines/test/there.sh' }));
  dag.task('missing', bash({ file: 'lib/pipelines/test/missing.sh' }));
  dag.task('outside', bash({ file: '../outside.sh' }));
  const read = (path: string) => {
    if (path.endsWith('there.sh')) return 'echo :not a name';
    throw new Error('ENOENT: no such file');
  };
  expect(() => checkFiles(dag.graph(), read)).toThrow(
    [
      'missing: lib/pipelines/test/missing.sh cannot be read: ENOENT: no such file',
      "outside: ../outside.sh leads up with '..': give its path from the project's root",
    ].join('\n  - '),
  );
});
