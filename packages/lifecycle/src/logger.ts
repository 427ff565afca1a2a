import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

/** `silent` writes nothing; the others are pino's. */
export const logLevels = ['silent', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * A JSON-lines logger on standard error (standard output belongs to what a command prints for people).
 * Fields that may hold a secret are censored wherever they stand at the first two levels of a record.
 * @param destination takes the lines instead.
 */
export function createLogger(
  service: string,
  level: LogLevel,
  destination: DestinationStream = pino.destination({ dest: 2, sync: true }),
): Logger {
  const secrets = ['password', 'token', 'accessToken', 'refreshToken', 'authorization', 'cookie'];
  return pino(
    {
      level,
      base: { service },
      redact: { paths: secrets.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination,
  );
}
