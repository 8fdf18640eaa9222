import { withOpened } from '../deployment/open.ts';
import { query } from '../deployment/warehouse.ts';
import { toJson } from '../terminal/json.ts';
import { table } from '../terminal/table.ts';
import type { AddCommand } from './add-command.ts';

export const addQuery: AddCommand = (program) => {
  program
    .command('query')
    .description('Asks the warehouse and prints the rows.')
    .argument('<sql>', 'one statement of Redshift SQL')
    .option('--stack <name>', 'ask the warehouse of a deployment instead of the embedded one')
    .option('--json', 'print {"columns": [name], "rows": [[value]]} on one line, with every row')
    .action(async (sql: string, { stack, json }: { stack?: string; json?: true }) => {
      await withOpened({ stack, fresh: false }, async ({ deployment }) => {
        const rows = await query(deployment, sql);
        console.log(json ? toJson(rows) : table(rows));
      });
    });
};
