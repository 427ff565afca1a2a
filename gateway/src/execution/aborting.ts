import { setMaxListeners } from 'node:events';

/** An AbortController that many fetches listen to; Node would take more than ten listeners for a leak and warn. */
export function createAborting(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
