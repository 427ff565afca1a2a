/** `npm run doctor`: holds an installation, live or stopped, against what must be true of it (docs/guides/doctor.md). */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { SettingsError } from '@trellis/settings';
import { diagnose } from './doctor/diagnose.ts';
import { openInstallation } from './doctor/open-installation.ts';
import { UnreadableError } from './doctor/opened.ts';
import { readPlace } from './doctor/settings.ts';
import { writeReport } from './doctor/write-report.ts';

const usage = `npm run doctor: reads the databases and the broker of an installation and says what is wrong with it

  npm run doctor [-- --apart SECONDS] [-- --json]

  --apart SECONDS  the pause between the two looks at what is running; what is wrong in both is a violation (default 5)
  --json           print everything as JSON
  --help           print this

It finds an installation by the variables that the services read: ORDERS_DATABASE_URL, PRODUCTS_DATABASE_URL, USERS_DATABASE_URL, AMQP_URL
and AMQP_PREFIX, or TRELLIS_DATA_DIRECTORY for the embedded platform. Ends with 1 where an invariant is violated, with 2 where it
was called wrongly or could not look.
`;

/** The command was called in a way that it does not understand. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

try {
  await run();
} catch (error) {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const isMisuse = code.startsWith('ERR_PARSE_ARGS') || error instanceof UsageError;
  const isExpected = isMisuse || error instanceof UnreadableError || error instanceof SettingsError;
  if (!isExpected) throw error;
  process.stderr.write(isMisuse ? `${message}\n\n${usage}` : `${message}\n`);
  process.exitCode = 2;
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      apart: { type: 'string', default: '5' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const apartMs = readSeconds(values.apart) * 1_000;
  const installation = await openInstallation(readPlace(process.env));
  try {
    const { reading, where, isRunning } = installation;
    const diagnosis = await diagnose(reading, { isRunning, pause: () => pause(apartMs) });
    const printed = values.json
      ? `${JSON.stringify({ where, ...diagnosis }, undefined, 2)}\n`
      : writeReport(diagnosis, where);
    process.stdout.write(printed);
    process.exitCode = diagnosis.isSound ? 0 : 1;
  } finally {
    await installation.close();
  }
}

/** @throws UsageError for anything but a number from 0 to 3600. */
function readSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0 && seconds <= 3_600) return seconds;
  throw new UsageError(`--apart must be a number of seconds from 0 to 3600, and is "${text}"`);
}
