import { consoleUrl } from '#lib/runs/console.ts';
import { publishedKey, REPORT } from '#lib/runs/keys.ts';
import { pipelineOf } from '../deployment/deployment.ts';
import { type Opened, withOpened } from '../deployment/open.ts';
import { UsageError } from '../errors.ts';
import { placeOf } from '../terminal/report.ts';
import type { AddCommand } from './add-command.ts';

const FIELDS = `
--json prints {"report": the path of the file, or its s3:// URL in a deployment, "console": the page of the AWS console that
opens it, or null}. The console opens it with your own credentials, and nobody else can read it.`;

export const addOpen: AddCommand = (program) => {
  program
    .command('open')
    .description('Says where the newest report lies that a pipeline published.')
    .argument('<pipeline>', 'see sluice list')
    .option('--stack <name>', 'of a deployment instead of the embedded one')
    .option('--json', 'print JSON; see below')
    .addHelpText('after', FIELDS)
    .action(async (pipeline: string, { stack, json }: { stack?: string; json?: true }) => {
      await withOpened({ stack, fresh: false }, async (opened) => {
        const found = await findReport(opened, pipeline);
        if (json) return console.log(JSON.stringify(found));
        console.log(found.console ?? found.report);
      });
    });
};

/** @throws UsageError where the pipeline has published none */
async function findReport(opened: Opened, pipeline: string) {
  const { deployment, kind } = opened;
  const { dagId } = pipelineOf(deployment, pipeline);
  const key = publishedKey(dagId, REPORT);
  const keys = await deployment.store.list(key);
  if (!keys.includes(key)) {
    const at = deployment.store.url(key);
    throw new UsageError(
      `${dagId} has published no report: there is no ${at}. A task of the type html-report writes it, in a run that comes so far.`,
    );
  }
  const report = placeOf(opened, key);
  if (kind !== 'aws') return { report, console: null };
  const region = await deployment.aws.s3.config.region();
  const { Bucket } = deployment.platform;
  const page = consoleUrl(region, `s3/object/${Bucket}?region=${region}&prefix=${encodeURIComponent(key)}`);
  return { report, console: page };
}
