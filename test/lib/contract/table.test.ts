import { expect, test } from 'vitest';
import { tableDeclaration } from '#lib/contract/table.ts';

const table = { name: 's.t', columns: [{ name: 'id', type: 'int8' }], primaryKey: ['id'] };

test('an incremental key is one of the columns', () => {
  expect(tableDeclaration.parse({ ...table, incrementalKey: 'id' })).toMatchObject({ incrementalKey: 'id' });
  expect(() => tableDeclaration.parse({ ...table, incrementalKey: 'updated_at' })).toThrow(
    'expected the name of a column of the table',
  );
});
