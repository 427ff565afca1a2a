import type { Contender } from './contender.ts';
import { grafbase } from './grafbase.ts';
import { hive, hiveShared } from './hive.ts';
import { ours, oursSecured, oursShared } from './ours.ts';
import { proxy } from './proxy.ts';
import { stock } from './stock.ts';

/** All that take part, in the order in which they are shown. */
export const contenders: readonly Contender[] = [
  stock,
  hive,
  hiveShared,
  grafbase,
  proxy,
  ours,
  oursShared,
  oursSecured,
];
