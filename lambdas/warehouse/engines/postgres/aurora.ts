/** Aurora of the deployment's own, which knows the function by its role: no secret has to be fetched. */
import type { Server } from './server.ts';

/** Where it is, and as whom the function logs in. */
export interface Aurora {
  readonly host: string;
  readonly dbname: string;
  readonly username: string;
}

const PORT = 5432;

/** @returns the server, with a token for each connection that is made: it is signed here, without any call */
export const auroraServer = ({ host, dbname, username }: Aurora): Server => ({
  ...{ host, port: PORT, dbname, username, sslmode: 'verify-full' },
  password: async () => {
    const { Signer } = await import('@aws-sdk/rds-signer');
    return new Signer({ hostname: host, port: PORT, username }).getAuthToken();
  },
});
