import { createLogger, type Logger } from '@trellis/lifecycle';

/** A logger as Apollo's libraries have it; `console` is one. */
export interface MessageLogger {
  debug(message?: unknown): void;
  info(message?: unknown): void;
  warn(message?: unknown): void;
  error(message?: unknown): void;
}

const methods = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' } as const;

/** The engine's records, each as a line of JSON, through a logger that takes messages. */
export function recordsTo(target: MessageLogger): Logger {
  return createLogger('gateway', 'debug', {
    write(line) {
      const { level } = JSON.parse(line) as { level: keyof typeof methods };
      target[methods[level]](line.trimEnd());
    },
  });
}
