import { expect, test } from 'vitest';
import { generateSecretString } from '#local/secrets-manager/generate.ts';

test('a generated password stands in its template', () => {
  const secret = generateSecretString({ SecretStringTemplate: '{"username":"sluice"}', GenerateStringKey: 'password' });

  expect(JSON.parse(secret)).toEqual({ username: 'sluice', password: expect.stringMatching(/^.{32}$/) });
});

test('length and exclusions are kept, every other kind of character is in it', () => {
  const secret = generateSecretString({ PasswordLength: 8, ExcludePunctuation: true, ExcludeCharacters: '0Oo' });

  expect(secret).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*[1-9])[A-NP-Za-np-z1-9]{8}$/);
});
