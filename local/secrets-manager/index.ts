export { type GenerateSecretString, generateSecretString } from './generate.ts';
export { SecretsManager } from './secrets-manager.ts';
