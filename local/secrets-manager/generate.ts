/** `GenerateSecretString` of a template: a password, alone or as one key of a JSON object. */
import { randomInt } from 'node:crypto';

export interface GenerateSecretString {
  readonly SecretStringTemplate?: string;
  readonly GenerateStringKey?: string;
  readonly PasswordLength?: number;
  readonly ExcludeCharacters?: string;
  readonly ExcludePunctuation?: boolean;
  readonly ExcludeLowercase?: boolean;
  readonly ExcludeUppercase?: boolean;
  readonly ExcludeNumbers?: boolean;
}

/** Each kind of character is in the password at least once, as AWS sees to it by default. */
export function generateSecretString(asked: GenerateSecretString): string {
  const generated = password(asked);
  if (asked.GenerateStringKey === undefined) return generated;
  const template = JSON.parse(asked.SecretStringTemplate ?? '{}') as object;
  return JSON.stringify({ ...template, [asked.GenerateStringKey]: generated });
}

function password(asked: GenerateSecretString): string {
  const kinds = [
    asked.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    asked.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    asked.ExcludeNumbers ? '' : '0123456789',
    asked.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
  ].map((kind) => [...kind].filter((character) => !asked.ExcludeCharacters?.includes(character)));
  const all = kinds.flat();
  const characters = kinds.filter(({ length }) => length > 0).map(oneOf);
  while (characters.length < (asked.PasswordLength ?? 32)) {
    characters.splice(randomInt(characters.length + 1), 0, oneOf(all));
  }
  return characters.join('');
}

const oneOf = (characters: readonly string[]): string => characters[randomInt(characters.length)] ?? '';
