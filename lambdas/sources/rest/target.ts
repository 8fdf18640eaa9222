/** Where a connection of a REST API leads, and what its requests carry. */
import type { Connection } from '#lib/contract/fields.ts';
import { secret, type Target } from '../http/target.ts';
import { openOAuth2 } from '../oauth2/open.ts';
import { type OpenedSecret, openSecret } from '../secret.ts';
import type { RestContext } from './server.ts';

export const openTarget = (context: RestContext, connection: Connection): Promise<OpenedSecret<Target>> =>
  connection.type === 'oauth2' ? openOAuth2(context, connection) : openSecret(context.connections, connection, secret);
