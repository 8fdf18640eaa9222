import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const ROOT = resolve(import.meta.dirname, '../..');

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line as a person starts it, with a state of its own that is gone afterwards. */
export class Sluice implements Disposable {
  readonly state = mkdtempSync(join(tmpdir(), 'sluice-'));
  readonly root: string;

  constructor(root = ROOT) {
    this.root = root;
  }

  /** Added to the environment of every command. */
  readonly env: Record<string, string> = {};

  start(...args: string[]) {
    const { AWS_ENDPOINT_URL: _, ...env } = process.env;
    return spawn(process.execPath, [join(this.root, 'bin/sluice.js'), ...args], {
      cwd: this.root,
      env: { ...env, SLUICE_STATE: this.state, ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async run(...args: string[]): Promise<Said> {
    const child = this.start(...args);
    const closed = new Promise<number | null>((done) => child.once('close', done));
    const [code, stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
    return { code, stdout, stderr };
  }

  /** What `--json` printed. */
  async json<T>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    if (stdout === '') throw new Error(`sluice ${args.join(' ')} exited with ${code}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  /** The first column of the rows. */
  async column(sql: string): Promise<unknown[]> {
    return (await this.json<{ rows: unknown[][] }>('query', sql)).rows.map(([first]) => first);
  }

  [Symbol.dispose](): void {
    rmSync(this.state, { recursive: true, force: true });
  }
}
