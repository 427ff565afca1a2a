import pc from 'picocolors';
import type { AccountToOpen } from '@trellis/users';
import { defaultGatewayUrl } from './demo/env.ts';
import type { Platform } from './platform.ts';

const line = (label: string, value: string): string => `  ${pc.dim(label.padEnd(10))} ${value}`;

/** What `npm start` prints before it opens the demo accounts: whoever sees the passwords later might never see them. */
export function passwordNotice(accounts: readonly AccountToOpen[]): string {
  return [
    '',
    `  ${pc.yellow('The demo accounts with their passwords, which are shown this once:')}`,
    ...accounts.map(({ role, email, password }) =>
      line(role.toLowerCase(), `${email}  ${pc.bold(password)}`),
    ),
    '',
  ].join('\n');
}

/** What `npm start` prints when everything is up. */
export function banner(platform: Platform, settings: { readonly AMQP_URL: string | undefined }): string {
  const { gatewayUrl, subgraphUrls, accounts, dataDirectory } = platform;
  const accountLines = accounts.flatMap(({ role, email, password }) =>
    password === undefined
      ? line(role.toLowerCase(), `${email}  (password as shown at the first start)`)
      : [],
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
    ...(accountLines.length > 0 ? [''] : []),
    `  ${pc.dim(`${demoCommand(gatewayUrl)} plays an order from login to confirmation. Ctrl-C stops.`)}`,
    '',
    '',
  ].join('\n');
}

function demoCommand(gatewayUrl: string): string {
  return gatewayUrl === defaultGatewayUrl ? 'npm run demo' : `DEMO_GATEWAY_URL=${gatewayUrl} npm run demo`;
}
