import { withOpened } from '../deployment/open.ts';
import { query, statementOf } from '../deployment/warehouse.ts';
import { toJson } from '../terminal/json.ts';
import { table } from '../terminal/table.ts';
import type { AddCommand } from './add-command.ts';

interface Options {
  readonly stack?: string;
  readonly json?: true;
  readonly write?: true;
}

export const addQuery: AddCommand = (program) => {
  program
    .command('query')
    .description('Asks the warehouse and prints the rows.')
    .argument('<sql>', 'one statement of Redshift SQL')
    .option('--stack <name>', 'ask the warehouse of a deployment instead of the embedded one')
    .option('--write', 'run the statement also where it changes data or tables, and print how many rows it changed')
    .option(
      '--json',
      'print {"columns": [name], "rows": [[value]]} on one line, with every row; of a change {"statement", "changed"} too',
    )
    .action(async (sql: string, { stack, json, write }: Options) => {
      const { statement, verb } = statementOf(sql, { mayChange: write === true });
      await withOpened({ stack, fresh: false }, async ({ deployment }) => {
        const result = await query(deployment, statement);
        if (json) console.log(toJson(result.changed === undefined ? result : { ...result, statement: verb }));
        else console.log(result.changed === undefined ? table(result) : change(verb, result.changed));
      });
    });
};

/** As SQL clients say it: `UPDATE 3 rows`. */
const change = (verb: string, rows: number): string => `${verb} ${rows} ${rows === 1 ? 'row' : 'rows'}`;
