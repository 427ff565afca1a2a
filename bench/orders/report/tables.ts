import { alignColumns } from '../../measurement/table.ts';
import type { LoadResult } from '../load/load.ts';
import type { Figures } from '../run.ts';
import { targets, type Target } from './targets.ts';

/** The figures that have a target, then all the others. */
export function tablesOf(all: readonly Figures[]): string {
  return all
    .flatMap((figures) => [targetTable(figures), detailTable(figures)])
    .filter((table) => table !== undefined)
    .join('\n\n');
}

function targetTable(figures: Figures): string | undefined {
  const rows = targets.flatMap((target) => targetRow(target, figures));
  if (rows.length === 0) return undefined;
  return alignColumns([[figures.mode, 'measured', 'target', ''], ...rows]);
}

function targetRow(target: Target, figures: Figures): readonly string[][] {
  const wanted = target[figures.mode];
  const value = target.value(figures);
  if (wanted === undefined || value === undefined) return [];
  const isMet = target.better === 'lower' ? value <= wanted : value >= wanted;
  const sign = target.better === 'lower' ? '<=' : '>=';
  return [[target.title, shown(value), `${sign} ${shown(wanted)}`, isMet ? '' : 'missed']];
}

function detailTable({ mode, database, broker, outbox, saga, gateway, recovery, backlog }: Figures) {
  const rows: string[][] = [];
  const load = (title: string, result: LoadResult) =>
    rows.push([
      title,
      `${shown(result.perSecond)}/s, p50 ${shown(result.p50Ms)} ms, p99 ${shown(result.p99Ms)} ms, longest ${shown(result.maxMs)} ms`,
    ]);
  const rate = (title: string, perSecond: number) => rows.push([title, `${shown(perSecond)}/s`]);
  if (database !== undefined) {
    rate('database: rows committed, one connection', database.commitsOneConnection);
    rate('database: rows committed, ten in flight', database.commitsPool);
    rate('database: rows read, ten in flight', database.readsPool);
  }
  if (broker !== undefined) {
    rate('broker: published and confirmed, one in flight', broker.confirmedOneInFlight);
    rate('broker: published and confirmed, 128 in flight', broker.confirmedManyInFlight);
    rate('broker: consumed and acknowledged', broker.consumedAndAcknowledged);
  }
  if (outbox !== undefined) {
    load('outbox: commit to consumer', outbox.commitToConsumer);
    rate('outbox: drained', outbox.drainPerSecond);
    rate('outbox: drained, consumer with inbox', outbox.drainWithInboxPerSecond);
  }
  if (saga !== undefined) {
    load('saga alone, one in flight', saga.oneInFlight);
    load('saga alone, 128 in flight', saga.manyInFlight);
    rows.push(['saga alone, processor time of its processes', `${shown(saga.cpuMsPerOrder)} ms an order`]);
  }
  if (gateway !== undefined) {
    load('through the gateway, one in flight', gateway.oneInFlight);
    load('through the gateway, many in flight', gateway.manyInFlight);
    load('through the gateway, open loop', gateway.atRate);
  }
  for (const [title, tried] of Object.entries({
    'recovery from a reset': recovery?.reset,
    'recovery, broker up again': recovery?.brokerUp,
    'recovery, PostgreSQL up again': recovery?.postgresUp,
  })) {
    if (tried !== undefined)
      rows.push([title, `median ${shown(tried.medianMs)} ms, worst ${shown(tried.worstMs)} ms`]);
  }
  if (backlog !== undefined) {
    rows.push([
      `backlog of ${backlog.orders.toLocaleString('en')} orders`,
      `placed in ${shown(backlog.placingSeconds)} s, drained in ${shown(backlog.drainSeconds)} s`,
    ]);
    for (const { process, quarters } of backlog.memory) {
      rows.push([
        `backlog: memory of ${process}, highest of each quarter`,
        `${quarters.map((quarter) => quarter.toFixed(0)).join(', ')} MB`,
      ]);
    }
  }
  return rows.length === 0 ? undefined : alignColumns([[`${mode}, all figures`, ''], ...rows]);
}

function shown(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
