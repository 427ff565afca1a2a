export { createLogger, logLevels, type Logger, type LogLevel } from './logger.ts';
export { listen, PortTakenError, type HttpListener } from './http-listener.ts';
export { startPeriodicTask } from './periodic-task.ts';
export { createStopSequence, type Stoppable, type StopSequence } from './stop-sequence.ts';
export { runService } from './run-service.ts';
export {
  healthRoutes,
  readyUntil,
  runChecks,
  type CheckResult,
  type HealthChecks,
  type Readiness,
} from './health.ts';
export { drained, sendStream } from './send-stream.ts';
