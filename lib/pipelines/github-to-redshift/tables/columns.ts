/** Columns that GitHub's objects have in common. */
import type { Column } from '#lib/contract/table.ts';

/** Of a table, with its child tables, for the organisation or credential that it belongs to. */
export type Named = (table: string) => string;

/** GitHub's ids no longer fit `int4`. */
export const id = { name: 'id', type: 'int8', notNull: true } satisfies Column;
export const login = { name: 'login', type: 'varchar(255)', notNull: true } satisfies Column;

const ofType =
  (type: Column['type']) =>
  (...names: string[]): Column[] =>
    names.map((name) => ({ name, type }));

export const urls = ofType('varchar(2048)');
export const times = ofType('timestamptz');
export const counts = ofType('int4');
export const ids = ofType('int8');
export const flags = ofType('boolean');
/** A word that GitHub chose from a few: a state, a reason, a kind. */
export const words = ofType('varchar(64)');
/** What people call things: logins, branches, languages. */
export const names = ofType('varchar(1024)');
/** A line that somebody wrote. */
export const lines = ofType('varchar(4096)');
/** As long as a varchar can be. */
export const texts = ofType('varchar(65535)');

export const created = { name: 'created_at', type: 'timestamptz', notNull: true } satisfies Column;
