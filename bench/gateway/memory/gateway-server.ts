/** A gateway whose supergraph is swapped, and whose memory is looked at, when the process that forked this one says so. */
import { createLogger } from '@trellis/lifecycle';
import { createGateway } from '../../../gateway/src/index.ts';
import { memoryInUse } from './memory-in-use.ts';
import type { FromServer, ToServer } from './messages.ts';

const tell = (message: FromServer): void => void process.send!(message);
let replace: (supergraphSdl: string) => void = () => {};
let sdl = '';

process.on('disconnect', () => process.exit());
process.on('message', (message: ToServer) => {
  switch (message.kind) {
    case 'start':
      sdl = message.supergraphSdl;
      void start(message.options);
      break;
    case 'swap':
      // Another text is another supergraph, whatever it says.
      replace(`${sdl}\n# ${message.swap}`);
      tell({ kind: 'swapped' });
      break;
    case 'measure':
      tell({ kind: 'measured', ...memoryInUse() });
  }
});

async function start(options: Extract<ToServer, { kind: 'start' }>['options']): Promise<void> {
  const { url } = await createGateway({
    supergraph: {
      load: async () => sdl,
      watch(onChange) {
        replace = onChange;
        return { stop: async () => {} };
      },
    },
    ...options,
    port: 0,
    logger: createLogger('gateway', 'error'),
  });
  tell({ kind: 'serves', url });
}
