import { randomBytes } from 'node:crypto';
import { exportSigningKey, generateSigningKey } from '@trellis/auth';

/** An environment file as text, with a fresh secret for each variable that the given one leaves empty. */
export function fillSecrets(example: string): string {
  return example.replaceAll(/^([A-Z_]+)=$/gm, (_, name: string) => `${name}=${secretFor(name)}`);
}

function secretFor(name: string): string {
  // One line, in quotes: an environment file cannot hold line breaks, and the services read `\n` as one.
  if (name.endsWith('_SIGNING_KEY')) {
    return `'${exportSigningKey(generateSigningKey()).trim().replaceAll('\n', '\\n')}'`;
  }
  if (name.endsWith('_ENCRYPTION_KEY')) return randomBytes(32).toString('base64');
  // Passwords stand in URLs: no character in them may need escaping.
  return randomBytes(24).toString('base64url');
}
