import { describe, expect, it } from '@jest/globals';
import { settingsTable as gateway } from '@trellis/gateway';
import { settingsTable as orders } from '@trellis/orders';
import { settingsTable as products } from '@trellis/products';
import { parseSettings, type SettingsTable } from '@trellis/settings';
import { settingsTable as users } from '@trellis/users';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { parse } from 'yaml';
import { fillSecrets } from '../../tools/fill-secrets.ts';

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

const text = readFileSync('docker-compose.yml', 'utf8');
const { services } = parse(text, { merge: true }) as { services: Readonly<Record<string, Service>> };
const example = readFileSync('.env.example', 'utf8');
const environment = parseEnv(fillSecrets(example)) as Record<string, string>;
const tables: Readonly<Record<string, SettingsTable>> = { gateway, users, products, orders };
const ours = Object.keys(tables);
const everyone = Object.keys(services);

describe('docker-compose.yml', () => {
  it('is what the Compose Specification says', () => {
    // The dialect is named without the scheme that ajv knows it by; the formats are Go's (durations like `5s`).
    const { $schema: _dialect, ...specification } = JSON.parse(
      readFileSync('tests/deployment/compose-specification/compose-spec.json', 'utf8'),
    ) as Record<string, unknown>;
    const ajv = new Ajv2019({ strict: false, validateFormats: false, allErrors: true });
    const validate = ajv.compile(specification);

    validate(parse(text, { merge: true }));

    expect(validate.errors).toBeNull();
  });

  it.each(ours)('gives %s settings that it starts with in production, once the secrets are made', (name) => {
    const settings = interpolated(service(name).environment ?? {}, environment);

    const parsed = parseSettings(tables[name]!, settings, [`${name.toUpperCase()}_`]);

    expect(Object.keys(settings).filter((variable) => !(variable in parsed))).toEqual([]);
    expect(parsed['NODE_ENV']).toBe('production');
  });

  it.each(ours)('starts nothing when a secret of %s is missing', (name) => {
    const required = Object.entries(tables[name]!).filter(([, setting]) => setting.requiredInProduction);

    for (const [variable] of required) {
      const given = service(name).environment?.[variable];
      expect(given).toBeDefined();
      expect(given).not.toContain(':-'); // neither a default nor, by it, nothing
    }
    expect(() => interpolated(service(name).environment ?? {}, {})).toThrow(
      'is missing - run npm run secrets',
    );
  });

  it('gives no secret a default, and explains every variable in .env.example', () => {
    const used = new Set(
      [...text.matchAll(/\$\{([A-Z_]+):([?-])/g)].map(([, name, kind]) => `${name} ${kind}`),
    );
    const secrets = [...example.matchAll(/^([A-Z_]+)=$/gm)].map(([, name]) => `${name} ?`);
    const others = [...example.matchAll(/^([A-Z_]+)=.+$/gm)].map(([, name]) => `${name} -`);

    expect([...used].sort()).toEqual([...secrets, ...others].sort());
  });

  it('lets this machine reach the gateway and the page of RabbitMQ, and other machines nothing', () => {
    const published = everyone.flatMap((name) =>
      (service(name).ports ?? []).map((port) => `${name} ${port}`),
    );

    expect(published).toEqual([
      'gateway 127.0.0.1:${GATEWAY_PUBLISHED_PORT:-4000}:4000',
      'rabbitmq 127.0.0.1:${RABBITMQ_MANAGEMENT_PUBLISHED_PORT:-15672}:15672',
    ]);
  });

  it.each(everyone)('takes every privilege from %s', (name) => {
    expect(service(name)).toMatchObject({ cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  });

  it.each(ours)('lets %s write to no file of its image', (name) => {
    expect(service(name).read_only).toBe(true);
  });

  it.each(ours)('lets %s reach whom its settings name, and starts it when they are healthy', (name) => {
    const { environment: settings = {}, networks, depends_on: needed = {} } = service(name);
    const hosts = new Set(Object.values(interpolated(settings, environment)).flatMap(hostsIn));
    hosts.delete(name);
    hosts.delete('localhost'); // where pages come from, not where the service goes

    for (const host of hosts) {
      expect(service(host).networks.filter((network) => networks.includes(network))).toHaveLength(1);
    }
    // The gateway is asked for its keys with the first request; it waits for the subgraphs and not they for it.
    hosts.delete('gateway');
    expect(needed).toEqual(
      Object.fromEntries([...hosts].map((host) => [host, { condition: 'service_healthy' }])),
    );
  });

  it.each(everyone)('knows when %s is healthy', (name) => {
    expect(service(name).healthcheck?.test[0]).toMatch(/^CMD/);
  });

  it.each(ours)('asks %s whether it is ready where it listens', (name) => {
    const { environment: settings, healthcheck } = service(name);
    const port = settings?.[`${name.toUpperCase()}_PORT`] ?? 'none';

    expect(healthcheck?.test.join(' ')).toContain(`http://127.0.0.1:${port}/health/ready`);
  });

  it.each(ours)('runs a file of %s that the build makes', (name) => {
    const [program, file = ''] = service(name).command ?? [];

    expect(program).toBe('node');
    expect(existsSync(file.replace('/dist/', '/src/').replace(/\.js$/, '.ts'))).toBe(true);
  });
});

describe('the image', () => {
  it('runs as nobody special, with production dependencies, on a Node that the packages allow', () => {
    const stages = readFileSync('Dockerfile', 'utf8')
      .split(/^FROM /m)
      .slice(1);

    expect(stages.at(-1)).toContain('\nUSER node\n');
    expect(stages.at(-1)).not.toContain('npm');
    expect(stages.map((stage) => stage.split(/\s/)[0])).toEqual(stages.map(() => 'node:24-bookworm-slim'));
  });
});

function service(name: string): Service {
  const found = services[name];
  if (found === undefined) throw new Error(`there is no service ${name}`);
  return found;
}

/** What compose makes of `${NAME:-default}` and `${NAME:?message}`. */
function interpolated(
  values: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>>,
): Record<string, string> {
  const replace = (value: string): string =>
    value.replaceAll(/\$\{([A-Z_]+):([?-])([^}]*)\}/g, (_, name: string, kind: string, rest: string) => {
      const given = variables[name];
      if (given !== undefined && given !== '') return given;
      if (kind === '-') return rest;
      throw new Error(`${name} ${rest}`);
    });
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, replace(value)]));
}

/** The hosts of the URLs in a setting that are services. */
function hostsIn(value: string): string[] {
  return [...value.matchAll(/\w+:\/\/(?:[^@\s,]*@)?([a-z-]+)[:/]/g)].map(([, host]) => host ?? '');
}
