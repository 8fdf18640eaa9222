/** Custom resources: their Lambda is really invoked, and only when there is something to create or to change. */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Created, type Declared, stackId } from '../assembly/index.ts';
import type { Endpoint } from '../endpoint/index.ts';
import type { Lambda } from '../lambda/index.ts';
import { EmbeddedAwsError } from '../machine/errors.ts';
import { readState, writeState } from '../machine/state-file.ts';

interface Kept extends Created {
  readonly properties: unknown;
}

interface Response {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
  readonly Data?: Record<string, unknown>;
}

export class CustomResources {
  readonly #lambda: Lambda;
  readonly #endpoint: Pick<Endpoint, 'url' | 'unsigned'>;
  readonly #file: string;
  readonly #kept: Record<string, Kept>;

  /** @param file JSON, need not exist: what each custom resource was last created or updated with */
  constructor(lambda: Lambda, endpoint: Pick<Endpoint, 'url' | 'unsigned'>, file: string) {
    this.#lambda = lambda;
    this.#endpoint = endpoint;
    this.#file = file;
    this.#kept = readState(file) ?? {};
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
    this.#kept[key] = { id, attributes: response.Data ?? {}, properties };
    writeState(this.#file, this.#kept);
    return this.#kept[key];
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
