/** Makes a new signing key now, whatever the age of the present one; running replicas take it up within a minute. */
import { runCommand } from './run-command.ts';

const usage = `rotate-keys: publishes a new signing key for access tokens, which signs fifteen minutes later

  rotate-keys

USERS_DATABASE_URL and USERS_KEY_ENCRYPTION_KEY are those of the service.
`;

await runCommand(usage, {}, async ({ keyRing }) => {
  const { kid, activeFrom } = await keyRing.rotate();
  return `key ${kid} is published and signs from ${activeFrom.toISOString()} on`;
});
