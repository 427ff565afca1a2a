import type { RequestListener } from 'node:http';
import { listen, type HttpListener, type Stoppable } from '@trellis/lifecycle';
import type { ResolvedOptions } from './options.ts';

/** The gateway's port: opened once there is something to answer, and not closed when that changes. */
export interface Front extends Stoppable {
  /** Answers by this from now on. @throws PortTakenError */
  answerBy(handler: RequestListener): Promise<HttpListener>;
  /** What `answerBy` opened. */
  listener(): Promise<HttpListener>;
}

export function createFront(settings: ResolvedOptions): Front {
  let handler: RequestListener;
  let opened: Promise<HttpListener> | undefined;
  const open = (): Promise<HttpListener> =>
    (opened ??= listen((request, response) => handler(request, response), {
      ...settings,
      portSetting: 'GATEWAY_PORT',
    }));
  let stopped: Promise<void> | undefined;
  return {
    answerBy(next) {
      handler = next;
      return open();
    },
    listener: open,
    stop() {
      return (stopped ??= (async () => {
        const listener = await opened?.catch(() => undefined);
        await listener?.stop(settings.stopGraceMs);
      })());
    },
  };
}
