import { setting, url } from '@trellis/settings';

/** Where `npm start` serves when it is told nothing else. */
export const defaultGatewayUrl = 'http://127.0.0.1:4000';

/** What `npm run demo` reads. */
export const demoSettingsTable = {
  DEMO_GATEWAY_URL: setting({
    schema: url(['http:', 'https:']),
    fallback: defaultGatewayUrl,
    doc: 'The gateway to play the story on.',
  }),
};
