/** Where a connection of a REST API leads, and what its requests carry. */
import type { Connection } from '#lib/contract/fields.ts';
import { secret, type Target } from '../http/target.ts';
import { type OpenedSecret, openSecret } from '../secret.ts';
import type { RestContext } from './server.ts';

export const openTarget = ({ connections }: RestContext, connection: Connection): Promise<OpenedSecret<Target>> =>
  openSecret(connections, connection, secret);
