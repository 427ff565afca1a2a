export {
  documentSettings,
  parseSettings,
  setting,
  SettingsError,
  type Setting,
  type SettingsOf,
  type SettingsTable,
} from './settings.ts';
export { flag, integer, oneOf, port, text, url } from './kinds.ts';
