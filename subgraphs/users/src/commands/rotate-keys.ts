/** Makes a new signing key now, whatever the age of the present one; running replicas take it up within a minute. */
import { runCommand } from './run-command.ts';

await runCommand({}, async ({ keyRing }) => {
  const { kid, activeFrom } = await keyRing.rotate();
  return `key ${kid} is published and signs from ${activeFrom.toISOString()} on`;
});
