/** A copy of the project with one small pipeline: it extracts records of GitHub, `moods`, and loads them with their child rows. */
import { rmSync } from 'node:fs';
import { Project } from './project.ts';

const dagOf = (type: string, connection: string) => `
import { Dag, raw, table, use } from '#sluice';
import { githubToS3 } from '#tasks/github-to-s3/task.ts';
import { s3ToWarehouse } from '#tasks/s3-to-warehouse/task.ts';

export const dag = new Dag('moods', { schedule: '@daily', startDate: '2026-01-01' });

const request = { connection: use('github', 'acme-github'), org: 'acme', repository: 'a', object: 'issues', query: { state: 'all' } } as const;
const extract = dag.task('extract', githubToS3({ ...request, to: raw('moods', { table: 'acme.moods' }) }));
dag.task('load', s3ToWarehouse({ connection: use('${type}', '${connection}'), from: extract.output, table: table('acme.moods'), mode: 'rebuild' }));
`;

export class MoodsProject extends Project {
  /** What `--source` serves. */
  readonly source = this.path('source');

  /** @param connection to the warehouse that it loads into, of which type */
  constructor(type = 'redshift', connection = 'warehouse') {
    super();
    this.write('lib/pipelines/moods/dag.ts', dagOf(type, connection));
    this.declare('varchar(40)');
  }

  /** Declares the column `mood`, and how many rows may be quarantined. */
  declare(type: string, maxQuarantined = 0): void {
    const table = {
      name: 'acme.moods',
      columns: [
        { name: 'id', type: 'int8' },
        { name: 'mood', type },
      ],
      primaryKey: ['id'],
      maxQuarantined,
      children: [
        {
          name: 'acme.marks',
          from: ['marks'],
          parent: { mood_id: 'id' },
          columns: [
            { name: 'mood_id', type: 'int8' },
            { name: 'name', type: 'varchar(20)' },
          ],
        },
      ],
    };
    this.list({ moods: { file: 'moods/dag.ts', dag: 'dag', tables: [table] } });
  }

  /** GitHub has these records from now on; none: the repository is gone. */
  serve(...records: readonly string[]): void {
    rmSync(this.source, { recursive: true, force: true });
    this.write('source/acme/a/issues.ndjson', records.map((record) => `${record}\n`).join(''));
  }
}
