import type { Rows } from '#lambdas/warehouse/session.ts';
import { askDatabase, type Question, serveDatabases } from '../deployment/databases.ts';
import { type Opened, withOpened } from '../deployment/open.ts';
import { query, statementOf } from '../deployment/warehouse.ts';
import { toJson } from '../terminal/json.ts';
import { table } from '../terminal/table.ts';
import type { AddCommand } from './add-command.ts';

interface Options {
  readonly stack?: string;
  readonly connection?: string;
  readonly json?: true;
  readonly write?: true;
}

export const addQuery: AddCommand = (program) => {
  program
    .command('query')
    .description('Asks the warehouse and prints the rows.')
    .argument('<sql>', 'one statement of Redshift SQL; of PostgreSQL with --connection')
    .option('--stack <name>', 'ask the warehouse of a deployment instead of the embedded one')
    .option('--connection <name>', 'ask the PostgreSQL database that a connection of the pipelines leads to')
    .option('--write', 'run the statement also where it changes data or tables, and print how many rows it changed')
    .option(
      '--json',
      'print {"columns": [name], "rows": [[value]]} on one line, with every row; of a change {"statement", "changed"} too',
    )
    .action(async (sql: string, { stack, connection, json, write }: Options) => {
      const mayChange = write === true;
      const { statement, verb, isChange } = statementOf(sql, { mayChange });
      await withOpened({ stack, fresh: false }, async (opened) => {
        const result = await answerOf(opened, { connection, sql: statement, mayChange: isChange });
        if (json) console.log(toJson(result.changed === undefined ? result : { ...result, statement: verb }));
        else console.log(result.changed === undefined ? table(result) : change(verb, result.changed));
      });
    });
};

async function answerOf(
  opened: Opened,
  { connection, ...question }: Omit<Question, 'connection'> & { readonly connection: string | undefined },
): Promise<Rows> {
  if (connection === undefined) return query(opened.deployment, question.sql);
  const close = await serveDatabases(opened, [connection]);
  try {
    return await askDatabase(opened.deployment, { connection, ...question });
  } finally {
    await close();
  }
}

/** As SQL clients say it: `UPDATE 3 rows`. */
const change = (verb: string, rows: number): string => `${verb} ${rows} ${rows === 1 ? 'row' : 'rows'}`;
