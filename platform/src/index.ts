export {
  ControlRefusedError,
  NothingRunsError,
  openControl,
  type Control,
} from './control/control-client.ts';
export { ControlUnsupportedError } from './control/control-path.ts';
export { demoSettingsTable } from './demo/env.ts';
export { readEnvironment, settingsTable, type PlatformSettings } from './env.ts';
export { startPlatform, type Platform } from './platform.ts';
export { playStory, type StoryEvent } from './demo/story.ts';
