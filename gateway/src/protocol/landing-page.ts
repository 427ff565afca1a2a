import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import type { RequestContext } from '../request-context.ts';
import { explorerPath } from './explorer.ts';

/** What Apollo's page says where the internet, from which Sandbox comes, cannot be reached. */
const offline = 'it appears that you might be offline.</p>';

/** Apollo Sandbox, with the way to the explorer that needs no internet. */
export function landingPage(exampleQuery: string | undefined): ApolloServerPlugin<RequestContext> {
  const sandbox: ApolloServerPlugin = ApolloServerPluginLandingPageLocalDefault({
    embed: { runTelemetry: false },
    ...(exampleQuery === undefined ? {} : { document: exampleQuery }),
  });
  return {
    async serverWillStart(service) {
      const started = await sandbox.serverWillStart?.(service);
      const page = await started?.renderLandingPage?.();
      if (page === undefined) return;
      const render = async (): Promise<string> => {
        const html = typeof page.html === 'string' ? page.html : await page.html();
        return html.replace(
          offline,
          `${offline}<p><a href="${explorerPath}">The explorer</a> needs no internet.</p>`,
        );
      };
      return { renderLandingPage: async () => ({ html: render }) };
    },
  };
}
