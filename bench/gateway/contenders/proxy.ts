import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../folders.ts';
import { writeProxy } from '../proxy/write-proxy.ts';
import { productionEnv, type Contender } from './contender.ts';
import { packageVersion } from './package-version.ts';
import { writePlainJavaScript } from './plain-javascript.ts';

/** The least that anything on Node could do: the stock plan's own fetches, and no GraphQL library. */
export const proxy: Contender = {
  name: 'proxy',
  title: 'Hand-written proxy',
  async prepare({ supergraphSdl, operations, folder, howToRun }) {
    const server = writePlainJavaScript(new URL('../proxy/proxy-server.ts', import.meta.url));
    mkdirSync(folder, { recursive: true });
    const answers = join(folder, 'proxy-answers.mjs');
    writeFileSync(answers, writeProxy(supergraphSdl, operations));
    return {
      version: `node ${process.version}, ${packageVersion('undici', root)}`,
      command: (port) => ({
        file: process.execPath,
        args: [...howToRun.nodeOptions, server],
        env: { ...productionEnv, ANSWERS: answers, PORT: String(port) },
      }),
    };
  },
};
