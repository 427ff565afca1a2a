import { runService } from '@trellis/lifecycle';
import { banner } from './banner.ts';
import { readEnvironment } from './env.ts';
import { startPlatform } from './platform.ts';

await runService(async () => {
  const settings = readEnvironment(process.env);
  const platform = await startPlatform(settings);
  process.stdout.write(banner(platform, settings));
  return platform;
});
