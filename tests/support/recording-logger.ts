import type { Logger } from '@trellis/lifecycle';
import { pino } from 'pino';

/** A logger whose records a test can read. */
export interface RecordingLogger {
  readonly logger: Logger;
  /** Every record so far, as JSON lines, oldest first. */
  readonly lines: readonly string[];
}

/** Makes a logger that writes into a list. */
export function createRecordingLogger(): RecordingLogger {
  const lines: string[] = [];
  return { logger: pino({ level: 'debug' }, { write: (line) => void lines.push(line) }), lines };
}
