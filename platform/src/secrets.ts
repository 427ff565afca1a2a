import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exportSigningKey, generateSigningKey, importSigningKey, type SigningKey } from '@trellis/auth';
import { z } from 'zod';

/** What an embedded platform keeps to itself. */
export interface Secrets {
  /** Signs the identity that subgraphs are told. */
  readonly gatewaySigningKey: SigningKey;
  /** Encrypts the users' signing keys in their database: 32 bytes in base64. */
  readonly keyEncryptionKey: string;
}

const stored = z.object({ gatewaySigningKey: z.string(), keyEncryptionKey: z.string() });

/**
 * Reads the platform's secrets from its data directory; the first time, makes them. Only the owner can read the file.
 * @throws Error when the file is there and cannot be understood: making new secrets would lock everyone out of the old data.
 */
export function keepSecrets(directory: string): Secrets {
  const file = join(directory, 'secrets.json');
  const text = readIfThere(file);
  if (text === undefined) {
    makeDirectory(directory);
    const secrets = {
      gatewaySigningKey: generateSigningKey(),
      keyEncryptionKey: randomBytes(32).toString('base64'),
    };
    const written = { ...secrets, gatewaySigningKey: exportSigningKey(secrets.gatewaySigningKey) };
    // Written aside and moved into place, so that a killed start never leaves half a file.
    writeFileSync(`${file}.new`, JSON.stringify(written, undefined, 2), { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return secrets;
  }
  try {
    const { gatewaySigningKey, keyEncryptionKey } = stored.parse(JSON.parse(text));
    return { gatewaySigningKey: importSigningKey(gatewaySigningKey), keyEncryptionKey };
  } catch (error) {
    throw new Error(`${file} is damaged: restore it, or delete the whole data directory to begin anew`, {
      cause: error,
    });
  }
}

/** Not by `recursive: true`, which on Node 20 never returns where the system says that a parent is not there though it is, as in `/proc`. */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  const parent = dirname(directory);
  if (parent !== directory) makeDirectory(parent);
  mkdirSync(directory, { mode: 0o700 });
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
