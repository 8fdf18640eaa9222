import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface AlertTopicProps {
  readonly displayName: string;
  /** Must confirm its subscription once, by a link that it is sent. */
  readonly email?: string | undefined;
}

/** Where alerts go. */
export function alertTopic(scope: Construct, id: string, { displayName, email }: AlertTopicProps): Topic {
  const topic = new Topic(scope, id, { displayName, enforceSSL: true });
  if (email !== undefined) {
    new Subscription(topic, 'Email', { topic, protocol: SubscriptionProtocol.EMAIL, endpoint: email });
  }
  return topic;
}
