import { root } from '../folders.ts';
import { productionEnv, type Contender } from './contender.ts';
import { packageVersion } from './package-version.ts';
import { writePlainJavaScript } from './plain-javascript.ts';

/** `@apollo/gateway` behind Apollo Server's standalone server, with nothing set. */
export const stock: Contender = {
  name: 'stock',
  title: 'Apollo Gateway, stock',
  async prepare({ supergraphFile, howToRun }) {
    const file = writePlainJavaScript(new URL('stock-gateway.ts', import.meta.url));
    return {
      version: `${packageVersion('@apollo/gateway', root)}, ${packageVersion('@apollo/server', root)}`,
      command: (port) => ({
        file: process.execPath,
        args: [...howToRun.nodeOptions, file],
        env: { ...productionEnv, SUPERGRAPH: supergraphFile, PORT: String(port) },
      }),
    };
  },
};
