import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Sluice } from './sluice.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SOURCES = [
  'bin',
  'lib',
  'lambdas',
  'local',
  'sql',
  'package.json',
  'sluice.config.ts',
  'tsconfig.json',
  'cdk.json',
];

/** A pipeline of a copy: the file that exports its DAG, from `lib/pipelines`, and under which name. */
interface Listed {
  readonly file: string;
  readonly dag: string;
  readonly tables?: readonly object[];
}

/** A copy of the project, in which a test may write pipelines of its own; gone afterwards. */
export class Project implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'sluice-project-'));

  constructor() {
    for (const path of SOURCES) cpSync(join(ROOT, path), join(this.root, path), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(this.root, 'node_modules'));
  }

  path(file: string): string {
    return join(this.root, file);
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  /** Makes these the pipelines that the copy has, and no others. */
  list(pipelines: Readonly<Record<string, Listed>>): void {
    const entries = Object.entries(pipelines).map(
      ([name, { file, dag, tables }]) =>
        `  '${name}': async () => {\n    const { ${dag}: dag, tables } = await import('./${file}');\n` +
        `    return { dag, tables: ${tables ? JSON.stringify(tables) : 'tables'} };\n  },\n`,
    );
    this.write('lib/pipelines/index.ts', `export const pipelines: Record<string, any> = {\n${entries.join('')}};\n`);
  }

  /** The command line of the copy, with a state of its own. */
  sluice(): Sluice {
    return new Sluice(this.root);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true });
  }
}
