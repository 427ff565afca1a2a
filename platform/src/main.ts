import { runService } from '@trellis/lifecycle';
import { banner, passwordNotice } from './banner.ts';
import { readEnvironment } from './env.ts';
import { startPlatform } from './platform.ts';

await runService(async () => {
  const settings = readEnvironment(process.env);
  const platform = await startPlatform(settings, (accounts) => {
    process.stdout.write(passwordNotice(accounts));
  });
  process.stdout.write(banner(platform, settings));
  return platform;
});
