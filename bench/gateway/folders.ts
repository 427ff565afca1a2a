import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The bundled graph. */
export const bundledData = fileURLToPath(new URL('data/', import.meta.url));

/** Where gateways that are none of the project's dependencies are installed. */
export const peersFolder = fileURLToPath(new URL('peers/', import.meta.url));

/** Takes what the benchmark writes for its contenders; within reach of the project's dependencies, and nobody else's business. */
export const workFolder = fileURLToPath(new URL('../../node_modules/.cache/bench-gateway/', import.meta.url));
