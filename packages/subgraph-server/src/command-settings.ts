import { logLevels } from '@trellis/lifecycle';
import { oneOf, setting, url } from '@trellis/settings';
import { z } from 'zod';

/** What every command that runs a subgraph alone reads beside the subgraph's own settings. */
export const commandSettings = {
  AMQP_URL: setting({ schema: url(['amqp:', 'amqps:']), doc: 'The RabbitMQ broker.' }),
  AMQP_PREFIX: setting({
    schema: z
      .string()
      .regex(/^[\w.-]{1,100}$/, 'must be 1 to 100 letters, digits, dots, dashes and underscores'),
    fallback: '',
    doc: 'Put before the name of every queue and exchange, the same in all services, so that platforms can share a broker.',
  }),
  LOG_LEVEL: setting({
    schema: oneOf(logLevels),
    fallback: 'info' as const,
    doc: `How much is logged to standard error: one of ${logLevels.join(', ')}.`,
  }),
  NODE_ENV: setting({
    schema: oneOf(['development', 'test', 'production']),
    fallback: 'development' as const,
    doc: 'In `production`, nothing has a default that is fit for one machine only.',
  }),
};
