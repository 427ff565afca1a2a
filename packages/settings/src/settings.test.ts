import { describe, expect, it } from '@jest/globals';
import {
  documentSettings,
  flag,
  integer,
  oneOf,
  parseSettings,
  port,
  setting,
  SettingsError,
  url,
} from './index.ts';

const table = {
  SHOP_PORT: setting({ schema: port, fallback: 4000, doc: 'Where the shop listens.' }),
  SHOP_MODE: setting({ schema: oneOf(['open', 'closed']), fallback: 'open', doc: 'Whether it sells.' }),
  SHOP_LIMIT: setting({ schema: integer(1, 10), fallback: 5, doc: 'How many at once.' }),
  SHOP_SECRET: setting<string | undefined>({
    schema: url(['https:']),
    fallback: undefined,
    requiredInProduction: true,
    doc: 'Where secrets are.',
  }),
  SHOP_AUDIT: setting({ schema: flag, doc: 'Whether to keep an audit.' }),
};

function problems(environment: Record<string, string>): readonly string[] {
  try {
    parseSettings(table, environment, ['SHOP_']);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

describe('settings', () => {
  it('are typed values, defaults where the environment is silent or empty', () => {
    expect(parseSettings(table, { SHOP_AUDIT: 'true', SHOP_PORT: '0', SHOP_LIMIT: '' }, ['SHOP_'])).toEqual({
      SHOP_PORT: 0,
      SHOP_MODE: 'open',
      SHOP_LIMIT: 5,
      SHOP_SECRET: undefined,
      SHOP_AUDIT: true,
    });
  });

  it('report every problem at once, by the name of the variable', () => {
    expect(
      problems({ SHOP_PORT: '70000', SHOP_MODE: 'ajar', SHOP_LIMIT: '1e9', SHOP_SECRET: 'ftp://x' }),
    ).toEqual([
      'SHOP_PORT must be a port, 0 to 65535',
      'SHOP_MODE must be one of open, closed',
      'SHOP_LIMIT must be a whole number from 1 to 10',
      'SHOP_SECRET must be a URL that begins with https://',
      'SHOP_AUDIT is required: Whether to keep an audit.',
    ]);
  });

  it('refuse a misspelt variable and say what was meant', () => {
    expect(problems({ SHOP_AUDIT: 'true', SHOP_PROT: '1' })).toEqual([
      'SHOP_PROT is not a setting; did you mean SHOP_PORT?',
    ]);
  });

  it('leave the variables of others alone', () => {
    expect(problems({ SHOP_AUDIT: 'true', PATH: '/bin' })).toEqual([]);
  });

  it('have no default for a secret in production', () => {
    expect(problems({ SHOP_AUDIT: 'true', NODE_ENV: 'production' })).toEqual([
      'SHOP_SECRET is required when NODE_ENV=production: Where secrets are.',
    ]);
  });

  it('document themselves', () => {
    expect(documentSettings(table).split('\n').slice(2)).toEqual([
      '| `SHOP_PORT` | `4000` | Where the shop listens. |',
      '| `SHOP_MODE` | `open` | Whether it sells. |',
      '| `SHOP_LIMIT` | `5` | How many at once. |',
      '| `SHOP_SECRET` | – (required in production) | Where secrets are. |',
      '| `SHOP_AUDIT` | required | Whether to keep an audit. |',
    ]);
  });
});
