/** Custom resources: their Lambda is really invoked, and only when there is something to create or to change. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { type Created, type Declared, stackId } from '../assembly/index.ts';
import type { Endpoint } from '../endpoint/index.ts';
import type { Lambda } from '../lambda/index.ts';
import { EmbeddedAwsError } from '../machine/errors.ts';
import { readOrSetAside, writeState } from '../machine/state-file.ts';

const keptSchema = z.record(
  z.string(),
  z.object({
    id: z.string(),
    attributes: z.record(z.string(), z.unknown()),
    properties: z.unknown(),
    madeIn: z.array(z.string()).default([]),
  }),
);
type Kept = z.output<typeof keptSchema>[string];

interface StateDirectory {
  readonly directory: string;
  /** Files in it of the services that custom resources make things in. */
  readonly services: readonly string[];
}

interface Response {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
  readonly Data?: Record<string, unknown>;
}

const FILE = 'custom-resources.json';

export class CustomResources {
  readonly #lambda: Lambda;
  readonly #endpoint: Pick<Endpoint, 'url' | 'unsigned'>;
  readonly #state: StateDirectory;
  readonly #kept: Record<string, Kept>;

  /** `custom-resources.json` in the directory, which need not exist, says what each was last created or updated with. */
  constructor(lambda: Lambda, endpoint: Pick<Endpoint, 'url' | 'unsigned'>, state: StateDirectory) {
    this.#lambda = lambda;
    this.#endpoint = endpoint;
    this.#state = state;
    this.#kept = this.#withoutLost(
      readOrSetAside({
        file: this.#path(FILE),
        schema: keptSchema,
        holds: 'what custom resources were made with',
        wayOut: 'They are made again.',
      }) ?? {},
    );
  }

  /** @throws EmbeddedAwsError with the reason that the Lambda gives */
  async deploy(resource: Declared): Promise<Created> {
    const key = `${resource.stack}/${resource.logicalId}`;
    const properties = asText(resource.properties);
    const kept = this.#kept[key];
    if (kept && isDeepStrictEqual(kept.properties, properties)) return kept;
    const response = await this.#request(resource, {
      ResourceProperties: properties,
      ...(kept
        ? { RequestType: 'Update', PhysicalResourceId: kept.id, OldResourceProperties: kept.properties }
        : { RequestType: 'Create' }),
    });
    const id = response.PhysicalResourceId ?? kept?.id ?? key;
    const madeIn = this.#state.services.filter((name) => existsSync(this.#path(name)));
    const made = { id, attributes: response.Data ?? {}, properties, madeIn };
    this.#kept[key] = made;
    writeState(this.#path(FILE), this.#kept);
    return made;
  }

  #path(name: string): string {
    return join(this.#state.directory, name);
  }

  /** Those that were made in a service whose file is gone are gone with it. */
  #withoutLost(kept: Record<string, Kept>): Record<string, Kept> {
    const gone = this.#state.services.filter((name) => !existsSync(this.#path(name)));
    const lostIn = gone.filter((name) => Object.values(kept).some(({ madeIn }) => madeIn.includes(name)));
    for (const name of lostIn)
      console.error(`${this.#path(name)} is gone, with all that it held. What the app needs in it is made again.`);
    return Object.fromEntries(
      Object.entries(kept).filter(([, { madeIn }]) => !madeIn.some((name) => gone.includes(name))),
    );
  }

  async #request(resource: Declared, request: object): Promise<Response> {
    const token = String(resource.properties['ServiceToken']);
    const path = `/_custom-resource/${randomUUID()}`;
    let response: Response | undefined;
    this.#endpoint.unsigned.set(path, ({ body }) => {
      response = JSON.parse(body.toString()) as Response;
      return { status: 200, headers: {}, body: '' };
    });
    try {
      const event = { ...request, ...envelope(resource), ResponseURL: this.#endpoint.url + path };
      const { failed, payload } = await this.#lambda.invoke(token, JSON.stringify(event));
      if (failed) throw refused(resource, `its function ${token} failed: ${payload}`);
    } finally {
      this.#endpoint.unsigned.delete(path);
    }
    if (!response) throw refused(resource, `its function ${token} ended without sending a response`);
    if (response.Status !== 'SUCCESS') throw refused(resource, response.Reason ?? 'no reason given');
    return response;
  }
}

const envelope = ({ stack, logicalId, type }: Declared) => ({
  RequestId: randomUUID(),
  StackId: stackId(stack),
  LogicalResourceId: logicalId,
  ResourceType: type,
});

const refused = ({ stack, logicalId, type }: Declared, reason: string): Error =>
  new EmbeddedAwsError(
    `Deploying the stack ${stack}: the custom resource ${logicalId} (${type}) was refused: ${reason}`,
  );

/** CloudFormation hands numbers and booleans over as text. */
function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asText);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asText(inner)]));
}
