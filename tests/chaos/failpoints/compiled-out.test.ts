import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { failpoints } from '@trellis/failpoints';
import { globSync } from 'tinyglobby';
import { compileImage } from '../../e2e/compile-image.ts';
import { describeWithServices } from '../../support/services.ts';
import { waitFor } from '../../support/wait-for.ts';
import { createCustomers } from '../support/customers.ts';
import { comeToRest } from '../support/rest.ts';
import { prepareSagaOverRabbitMq } from '../support/saga-over-rabbitmq.ts';
import type { Saga } from '../support/saga.ts';

const names = Object.keys(failpoints);

describeWithServices(['postgres', 'rabbitmq'], 'what is built for the image', ({ rabbitmq }) => {
  let image: string;
  let saga: Saga | undefined;

  beforeAll(() => {
    image = compileImage();
  });

  afterAll(async () => {
    await saga?.remove();
    rmSync(image, { recursive: true });
  });

  it('names no failpoint, and not the signal by which they kill', () => {
    const modules = globSync('{gateway,{packages,subgraphs}/*}/dist/**/*.js', { cwd: image, absolute: true });
    expect(modules.length).toBeGreaterThan(200);
    for (const module of modules) {
      const code = readFileSync(module, 'utf8');
      for (const word of [...names.map((name) => `'${name}'`), 'failpoint', 'FAILPOINTS', 'SIGKILL']) {
        if (code.includes(word)) throw new Error(`${module} has ${word}`);
      }
    }
    expect(existsSync(join(image, 'packages/failpoints'))).toBe(false);
  });

  it('takes an order through the saga with every failpoint armed', async () => {
    saga = await prepareSagaOverRabbitMq(rabbitmq, image);
    const armed = { FAILPOINTS: names.map((name) => `${name}=kill`).join(',') };
    const running = [
      saga.launch('orders', armed),
      saga.launch('products', { ...armed, PRODUCTS_SEED: 'true' }),
    ];
    await saga.start();
    const customers = createCustomers(saga, 'image');
    await waitFor('the catalogue', async () => {
      await customers.open();
      return (await saga!.reading().orders.query('select from catalogue')).length > 6;
    });
    await customers.place();
    await customers.cancel();
    await comeToRest(saga, customers);
    expect(running.map(({ child }) => child.signalCode)).toEqual([null, null]);
    expect(customers.answered()).toBe(2);
  });
});
