/** Secrets, kept in one file that only its owner may read. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { arn, letters } from '../machine/account.ts';
import { AwsError } from '../machine/errors.ts';
import { readState, writeState } from '../machine/state-file.ts';

const version = z.object({ id: z.string(), string: z.string(), created: z.iso.datetime() });
const secrets = z.record(
  z.string(),
  z.object({
    name: z.string(),
    arn: z.string(),
    description: z.string().optional(),
    created: z.iso.datetime(),
    current: version,
    previous: version.optional(),
  }),
);
type Version = Readonly<z.output<typeof version>>;
type Secret = Readonly<z.output<typeof secrets>[string]>;

interface Put {
  readonly SecretId: string;
  readonly SecretString?: string;
  readonly ClientRequestToken?: string;
}

const PAGE = 100;

export class SecretsManager {
  readonly #file: string;
  readonly #secrets: Map<string, Secret>;

  /** @param file JSON; need not exist */
  constructor(file: string) {
    this.#file = file;
    const kept = readState({
      file,
      schema: secrets,
      holds: 'the secrets',
      wayOut: 'Remove it to go on: the app gets its secrets anew, and those that were set since must be set again.',
    });
    this.#secrets = new Map(Object.entries(kept ?? {}));
  }

  /** Creates a secret that does not exist; an existing one keeps its value, as a deployment does. */
  ensure(name: string, { value, description }: { value: () => string; description?: string | undefined }): void {
    if (!this.#secrets.has(name)) this.#create(name, { string: value(), description });
  }

  /** The value of a secret, by name or ARN. */
  valueOf(id: string): string | undefined {
    return this.#lookUp(id)?.current.string;
  }

  readonly operations = {
    CreateSecret: (input: {
      Name: string;
      SecretString?: string;
      Description?: string;
      ClientRequestToken?: string;
    }) => {
      if (this.#secrets.has(input.Name)) {
        throw new AwsError(
          'ResourceExistsException',
          `The operation failed because the secret ${input.Name} already exists.`,
        );
      }
      const {
        arn: ARN,
        name,
        current,
      } = this.#create(input.Name, {
        string: input.SecretString ?? '',
        description: input.Description,
        id: input.ClientRequestToken,
      });
      return { ARN, Name: name, VersionId: current.id };
    },
    GetSecretValue: ({
      SecretId,
      VersionId,
      VersionStage,
    }: {
      SecretId: string;
      VersionId?: string;
      VersionStage?: string;
    }) => {
      const secret = this.#find(SecretId);
      const version = [secret.current, secret.previous].find(
        (candidate) => candidate && isAsked(candidate, secret, { VersionId, VersionStage }),
      );
      if (!version?.string) {
        const asked = VersionId ? `VersionId: ${VersionId}` : `staging label: ${VersionStage ?? 'AWSCURRENT'}`;
        throw new AwsError(
          'ResourceNotFoundException',
          `Secrets Manager can't find the specified secret value for ${asked}`,
        );
      }
      return {
        ARN: secret.arn,
        Name: secret.name,
        VersionId: version.id,
        SecretString: version.string,
        VersionStages: [version === secret.current ? 'AWSCURRENT' : 'AWSPREVIOUS'],
        CreatedDate: new Date(version.created),
      };
    },
    PutSecretValue: ({ SecretId, SecretString, ClientRequestToken }: Put) => {
      if (SecretString === undefined) {
        throw new AwsError('InvalidParameterException', 'The embedded AWS keeps secrets as SecretString only.');
      }
      const secret = this.#find(SecretId);
      const current = newVersion(SecretString, ClientRequestToken);
      if (current.id !== secret.current.id) this.#save({ ...secret, current, previous: secret.current });
      return { ARN: secret.arn, Name: secret.name, VersionId: current.id, VersionStages: ['AWSCURRENT'] };
    },
    DeleteSecret: ({
      SecretId,
      ForceDeleteWithoutRecovery,
    }: {
      SecretId: string;
      ForceDeleteWithoutRecovery?: boolean;
    }) => {
      if (!ForceDeleteWithoutRecovery) {
        throw new AwsError(
          'InvalidParameterException',
          'The embedded AWS deletes secrets at once: ForceDeleteWithoutRecovery must be true.',
        );
      }
      const { arn: ARN, name } = this.#find(SecretId);
      this.#secrets.delete(name);
      writeState(this.#file, Object.fromEntries(this.#secrets));
      return { ARN, Name: name, DeletionDate: new Date() };
    },
    DescribeSecret: ({ SecretId }: { SecretId: string }) => described(this.#find(SecretId)),
    ListSecrets: ({ MaxResults = PAGE, NextToken = '0' }: { MaxResults?: number; NextToken?: string }) => {
      const from = Number(NextToken);
      const all = [...this.#secrets.values()];
      const more = from + MaxResults < all.length ? { NextToken: String(from + MaxResults) } : {};
      return { SecretList: all.slice(from, from + MaxResults).map(described), ...more };
    },
  };

  #create(
    name: string,
    { string, description, id }: { string: string; description?: string | undefined; id?: string | undefined },
  ): Secret {
    const current = newVersion(string, id);
    const secretArn = arn('secretsmanager', `secret:${name}-${letters(name, 6)}`);
    return this.#save({ name, arn: secretArn, description, created: current.created, current });
  }

  /** By name, ARN, or ARN without the letters at its end. */
  #lookUp(id: string): Secret | undefined {
    return [...this.#secrets.values()].find((secret) =>
      [secret.name, secret.arn, secret.arn.slice(0, -'-AbCdEf'.length)].includes(id),
    );
  }

  #find(id: string): Secret {
    const found = this.#lookUp(id);
    if (found) return found;
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  #save(secret: Secret): Secret {
    this.#secrets.set(secret.name, secret);
    writeState(this.#file, Object.fromEntries(this.#secrets));
    return secret;
  }
}

const newVersion = (string: string, id?: string): Version => ({
  id: id ?? randomUUID(),
  string,
  created: new Date().toISOString(),
});

function isAsked(
  version: Version,
  { current }: Secret,
  asked: { VersionId?: string | undefined; VersionStage?: string | undefined },
): boolean {
  const stage = version === current ? 'AWSCURRENT' : 'AWSPREVIOUS';
  if (asked.VersionId !== undefined) return version.id === asked.VersionId;
  return stage === (asked.VersionStage ?? 'AWSCURRENT');
}

const described = ({ arn: ARN, name, description, created, current, previous }: Secret) => ({
  ARN,
  Name: name,
  ...(description === undefined ? {} : { Description: description }),
  CreatedDate: new Date(created),
  LastChangedDate: new Date(current.created),
  VersionIdsToStages: {
    [current.id]: ['AWSCURRENT'],
    ...(previous ? { [previous.id]: ['AWSPREVIOUS'] } : {}),
  },
});
