import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createTrellisClient, LoginDocument } from '@trellis/client';
import { playStory, type StoryEvent } from '@trellis/platform';
import { describeWithServices } from '../support/services.ts';
import { compileImage } from './compile-image.ts';
import { startDistributedPlatform, type DistributedPlatform } from './distributed-platform.ts';

const admin = { email: 'admin@trellis.example', password: 'correct horse battery' };

describeWithServices(
  ['postgres', 'rabbitmq', 'redis'],
  'the compiled platform in production mode, as the image has it',
  ({ rabbitmq, redis }) => {
    let image: string | undefined;
    let platform: DistributedPlatform | undefined;

    beforeAll(async () => {
      image = compileImage();
      platform = await startDistributedPlatform({ rabbitmq, redis, image });
    }, 300_000);

    afterAll(async () => {
      await platform?.remove();
      if (image !== undefined) rmSync(image, { recursive: true });
    }, 60_000);

    it('plays the story', async () => {
      const told: StoryEvent[] = [];
      await playStory({ gatewayUrl: platform!.gatewayUrl, tell: (event) => told.push(event) });
      expect(told.filter((event) => event.kind === 'status').map((event) => event.status)).toEqual([
        'PENDING',
        'CONFIRMED',
        'PENDING',
        'REJECTED',
      ]);
    });

    it('opens an administrator’s account by its command', async () => {
      await platform!.createAdmin(admin);
      const client = createTrellisClient({ url: `${platform!.gatewayUrl}/graphql` });
      try {
        const { login } = await client.request(LoginDocument, { input: admin });
        expect(login.user?.role).toBe('ADMIN');
      } finally {
        await client.stop();
      }
    });

    it('gives access tokens a new signing key by its command', async () => {
      expect(await platform!.rotateKeys()).toMatch(/^key \S+ is published and signs from /);
    });
  },
);
