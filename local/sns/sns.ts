/** Topics. Every message becomes an e-mail in the mailbox; other kinds of subscription are kept, but get nothing. */
import { randomUUID } from 'node:crypto';
import { arn } from '../machine/account.ts';
import { AwsError } from '../machine/errors.ts';
import { post } from './mailbox.ts';

/** Longest message, in bytes. */
const MESSAGE_LIMIT = 262_144;

interface Subscription {
  readonly SubscriptionArn: string;
  readonly TopicArn: string;
  readonly Protocol: string;
  readonly Endpoint: string;
  readonly Owner: string;
}

interface Publish {
  readonly TopicArn?: string;
  readonly TargetArn?: string;
  readonly Subject?: string;
  readonly Message: string;
}

export class Sns {
  readonly #mailbox: string;
  readonly #topics = new Map<string, Map<string, Subscription>>();

  /** @param mailbox a directory */
  constructor(mailbox: string) {
    this.#mailbox = mailbox;
  }

  createTopic(name: string): string {
    const topicArn = arn('sns', name);
    if (!this.#topics.has(topicArn)) this.#topics.set(topicArn, new Map());
    return topicArn;
  }

  readonly operations = {
    CreateTopic: ({ Name }: { Name: string }) => ({ TopicArn: this.createTopic(Name) }),
    ListTopics: () => ({ Topics: [...this.#topics.keys()].map((TopicArn) => ({ TopicArn })) }),
    ListSubscriptionsByTopic: ({ TopicArn }: { TopicArn: string }) => ({
      Subscriptions: [...this.#subscriptions(TopicArn).values()],
    }),
    Subscribe: ({ TopicArn, Protocol, Endpoint }: { TopicArn: string; Protocol: string; Endpoint: string }) => {
      const SubscriptionArn = `${TopicArn}:${randomUUID()}`;
      const subscription = { SubscriptionArn, TopicArn, Protocol, Endpoint, Owner: TopicArn.split(':')[4] ?? '' };
      this.#subscriptions(TopicArn).set(`${Protocol} ${Endpoint}`, subscription);
      return { SubscriptionArn };
    },
    Publish: (input: Publish) => this.#publish(input),
  };

  async #publish({ TopicArn, TargetArn, Subject, Message }: Publish): Promise<{ MessageId: string }> {
    const topicArn = TopicArn ?? TargetArn ?? '';
    const subscriptions = [...this.#subscriptions(topicArn).values()];
    if (!Message) throw new AwsError('InvalidParameter', 'Invalid parameter: Empty message');
    if (Buffer.byteLength(Message) > MESSAGE_LIMIT) {
      throw new AwsError('InvalidParameter', 'Invalid parameter: Message too long');
    }
    if (Subject !== undefined && !/^[\x20-\x7e]{1,100}$/.test(Subject)) {
      throw new AwsError('InvalidParameter', 'Invalid parameter: Subject');
    }
    const id = randomUUID();
    await post(this.#mailbox, {
      id,
      from: topicArn,
      to: subscriptions.filter(({ Protocol }) => Protocol.startsWith('email')).map(({ Endpoint }) => Endpoint),
      subject: Subject ?? 'AWS Notification Message',
      body: Message,
      date: new Date(),
    });
    return { MessageId: id };
  }

  #subscriptions(topicArn: string): Map<string, Subscription> {
    const found = this.#topics.get(topicArn);
    if (found) return found;
    throw new AwsError('NotFound', 'Topic does not exist', 404);
  }
}
