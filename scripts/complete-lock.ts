/**
 * Completes package-lock.json after `npm i`: an optional platform package that the registry in use did not serve has no
 * entry, and `npm ci` then refuses the lock file on every machine. Each one gets an entry of version and platform alone.
 *
 * The platform is read from the package's name, as the tools that publish such packages put it there.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface Entry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}
export interface Lock {
  packages: Record<string, Entry>;
}

const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const CPU = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/** The optional dependencies without an entry, as `[name, version, dev]`. */
export function missingFrom(lock: Lock): [name: string, version: string, dev: boolean | undefined][] {
  const missing: [string, string, boolean | undefined][] = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const nested = `${path}/node_modules/${name}`;
      if (!lock.packages[`node_modules/${name}`] && !lock.packages[nested]) missing.push([name, version, entry.dev]);
    }
  }
  return missing;
}

function platformOf(name: string) {
  const words = name.split(/[-/_]/).map((word) => (word === 'win' ? 'win32' : word));
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : undefined;
  const os = OS.filter((word) => words.includes(word));
  const cpu = CPU.filter((word) => words.includes(word));
  return { ...(os.length && { os }), ...(cpu.length && { cpu }), ...(libc && { libc }) };
}

function complete(lock: Lock): Lock {
  for (const [name, range, dev] of missingFrom(lock)) {
    const version = range.replace(/^[\^~]/, '');
    lock.packages[`node_modules/${name}`] = { version, ...platformOf(name), ...(dev && { dev }), optional: true };
  }
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  return lock;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = new URL('../package-lock.json', import.meta.url);
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingFrom(lock);
  writeFileSync(file, `${JSON.stringify(complete(lock), null, 2)}\n`);
  console.log(missing.length ? `Added to package-lock.json: ${missing.map(([name]) => name).join(', ')}` : 'Complete.');
}
