export { demoSettingsTable } from './demo/env.ts';
export { readEnvironment, settingsTable, type PlatformSettings } from './env.ts';
export { startPlatform, type Platform } from './platform.ts';
export { playStory, type StoryEvent } from './demo/story.ts';
