import pc from 'picocolors';
import { defaultGatewayUrl } from './demo/env.ts';
import type { Platform } from './platform.ts';

/** What `npm start` prints when everything is up. */
export function banner(platform: Platform, settings: { readonly AMQP_URL: string | undefined }): string {
  const { gatewayUrl, subgraphUrls, accounts, dataDirectory } = platform;
  const line = (label: string, value: string): string => `  ${pc.dim(label.padEnd(10))} ${value}`;
  const accountLines = accounts.map(({ role, email, password }) =>
    line(
      role === 'ADMIN' ? 'admin' : 'customer',
      password === undefined
        ? `${email}  (password as shown at the first start)`
        : `${email}  ${pc.bold(password)}`,
    ),
  );
  const events = settings.AMQP_URL === undefined ? 'in this process' : 'over RabbitMQ';
  return [
    '',
    `  ${pc.bold(pc.green('Trellis is up'))}`,
    '',
    line('gateway', pc.cyan(`${gatewayUrl}/graphql`)),
    line('sandbox', `${gatewayUrl}/`),
    line('explorer', `${gatewayUrl}/explorer  (needs no internet)`),
    ...Object.entries(subgraphUrls).map(([name, url]) =>
      line(name, `${url}/graphql  (answers the gateway only)`),
    ),
    line('data', dataDirectory),
    line('events', events),
    '',
    ...accountLines,
    ...(accounts.some(({ password }) => password !== undefined)
      ? [`  ${pc.yellow('These passwords are shown this once.')}`]
      : []),
    '',
    `  ${pc.dim(`${demoCommand(gatewayUrl)} plays an order from login to confirmation. Ctrl-C stops.`)}`,
    '',
    '',
  ].join('\n');
}

function demoCommand(gatewayUrl: string): string {
  return gatewayUrl === defaultGatewayUrl ? 'npm run demo' : `DEMO_GATEWAY_URL=${gatewayUrl} npm run demo`;
}
