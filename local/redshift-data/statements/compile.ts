/** From the tokens of one statement to what runs it. */
import { copy } from '../copy/copy.ts';
import type { ObjectStore } from '../copy/files.ts';
import type { Statement } from '../engine/statement.ts';
import { notDone, syntaxError } from '../errors.ts';
import { Cursor } from '../sql/cursor.ts';
import { withPosition } from '../sql/error-position.ts';
import { bind, type Parameter } from '../sql/parameters.ts';
import { isSyntax, type Token, tokenize } from '../sql/tokens.ts';
import { alterTable } from './alter-table.ts';
import { createTable, queryBegins } from './create-table.ts';
import { grant, revoke } from './grants.ts';
import { lock } from './lock.ts';
import { query } from './queries.ts';
import { alterSchema, createSchema, dropSchema } from './schemas.ts';
import { comment, dropTable, maintain, truncate } from './tables.ts';
import { alterUser, createUser, dropUser } from './users.ts';
import { createView, dropView } from './views.ts';

export interface CompileContext {
  readonly parameters: readonly Parameter[];
  readonly objects: ObjectStore;
}

type Compile = (cursor: Cursor, objects: ObjectStore) => Statement;
/** By their first words; the longest wins by coming first. */
const COMMANDS: readonly (readonly [words: string, compile: Compile])[] = [
  ['create table', (cursor) => createTable(cursor, false)],
  ...['temporary', 'temp', 'local temporary', 'local temp'].map(
    (words) => [`create ${words} table`, (cursor: Cursor) => createTable(cursor, true)] as const,
  ),
  ['create or replace view', (cursor) => createView(cursor, true)],
  ['create view', (cursor) => createView(cursor, false)],
  ['create schema', createSchema],
  ['create user', createUser],
  ['alter table', alterTable],
  ['alter schema', alterSchema],
  ['alter user', alterUser],
  ['drop table', dropTable],
  ['drop view', dropView],
  ['drop schema', dropSchema],
  ['drop user', dropUser],
  ['truncate', truncate],
  ['lock', lock],
  ['copy', copy],
  ['grant', grant],
  ['revoke', revoke],
  ['comment on', comment],
  ['analyze', (cursor) => maintain(cursor, 'ANALYZE')],
  ['vacuum', (cursor) => maintain(cursor, 'VACUUM')],
];
const QUERIES = ['select', 'with', '(', 'insert', 'update', 'delete'];

/** @throws RedshiftError for what Redshift or this warehouse does not do */
export function compile(sql: string, { parameters, objects }: CompileContext): Statement {
  const tokens = oneStatement(tokenize(sql));
  if (tokens.length === 0) throw syntaxError('end of input', sql.length);
  try {
    const statement = read(tokens, { parameters, objects });
    return { ...statement, run: (session) => statement.run(session).catch((error) => raise(error, tokens)) };
  } catch (error) {
    return raise(error, tokens);
  }
}

function raise(error: unknown, tokens: readonly Token[]): never {
  throw withPosition(error, tokens);
}

function read(tokens: readonly Token[], { parameters, objects }: CompileContext): Statement {
  const [first] = tokens;
  if (isSyntax(first, ...QUERIES)) return query(bind(tokens, parameters));
  refuseParameters(tokens);
  const cursor = new Cursor(bind(tokens, parameters));
  for (const [words, make] of COMMANDS) if (cursor.take(...words.split(' '))) return make(cursor, objects);
  throw notDone(
    `the statement ${tokens
      .slice(0, 2)
      .map(({ value }) => value.toUpperCase())
      .join(' ')}`,
  );
}

function oneStatement(tokens: readonly Token[]): readonly Token[] {
  const end = tokens.findIndex((token) => isSyntax(token, ';'));
  if (end < 0) return tokens;
  if (tokens.slice(end).every((token) => isSyntax(token, ';'))) return tokens.slice(0, end);
  throw notDone('several statements in one text', 'send them as the Sqls of BatchExecuteStatement');
}

/** Redshift binds parameters in queries only, among them that of a CREATE TABLE AS. */
function refuseParameters(tokens: readonly Token[]): void {
  const query = queryBegins(tokens);
  const stray = tokens.findIndex(({ kind }, at) => kind === 'parameter' && (query < 0 || at < query));
  if (stray >= 0) throw syntaxError('$1', tokens[stray]?.position ?? 0);
}
