/** The secrets of a deployment: of connections, and of the users that it makes in the warehouse. */
import { type ISecret, Secret, type SecretProps } from 'aws-cdk-lib/aws-secretsmanager';
import { SecretValue, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** The secret of a connection. It begins as `{}`, which reads as 'not set'; deploying again does not touch its value. */
export const connectionSecret = (scope: Construct, id: string, secretName: string): ISecret =>
  unrotated(scope, id, {
    why: 'The credential is issued by another system, which alone can rotate it.',
    secretName,
    description: 'A connection of Sluice. {} means that it is not set.',
    secretStringValue: SecretValue.unsafePlainText('{}'),
  });

/** A user's name with a password that nobody has seen: `{"username", "password"}`. */
export const generatedSecret = (
  scope: Construct,
  id: string,
  props: { username: string; description: string },
): ISecret =>
  unrotated(scope, id, {
    why: 'Rotation would need a function in the network of the warehouse. Nobody types this password or sees it.',
    description: props.description,
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ username: props.username }),
      generateStringKey: 'password',
      passwordLength: 40,
      excludePunctuation: true,
    },
  });

function unrotated(scope: Construct, id: string, { why, ...props }: SecretProps & { why: string }): ISecret {
  const secret = new Secret(scope, id, props);
  Validations.of(secret).acknowledge({ id: 'AwsSolutions-SMG4', reason: why });
  return secret as ISecret;
}
