import { describe, expect, it } from '@jest/globals';
import { drawSchedule, type PossibleFault, type ScheduleOptions } from './schedule.ts';

const possibleFaults: readonly PossibleFault[] = [
  { kind: 'kill', part: 'orders', weight: 1, longestMs: 500 },
  { kind: 'cut', part: 'rabbitmq', weight: 9, longestMs: 0 },
];

const draw = (options: Partial<ScheduleOptions> = {}) =>
  drawSchedule({ seed: 'a', round: 1, orders: 50, customers: 4, products: 3, possibleFaults, ...options });

describe('the schedule of a round', () => {
  it('is the same for the same seed and round', () => {
    expect(draw()).toEqual(draw());
  });

  it('is another one for another seed, and for another round', () => {
    expect(draw({ seed: 'b' })).not.toEqual(draw());
    expect(draw({ round: 2 })).not.toEqual(draw());
  });

  it('places as many orders as it was asked to', () => {
    expect(draw().actions.filter(({ kind }) => kind === 'place')).toHaveLength(50);
  });

  it('cancels orders that are placed before, and no others', () => {
    const { actions } = draw();
    const cancellations = actions.flatMap((action, index) =>
      action.kind === 'cancel' ? { index, order: action.order } : [],
    );
    expect(cancellations.length).toBeGreaterThan(0);
    for (const { index, order } of cancellations) {
      expect(order).toBeLessThan(index);
      expect(actions[order]).toMatchObject({ kind: 'place' });
    }
  });

  it.each(Array.from({ length: 20 }, (_, round) => round + 1))('kills in round %i', (round) => {
    expect(draw({ round }).faults).toContainEqual(expect.objectContaining({ kind: 'kill' }));
  });

  it('has no fault that was not possible, and none after the last action', () => {
    const { actions, faults } = draw({ faults: [30, 30] });
    expect(faults).toHaveLength(30);
    for (const { kind, part, before, pauseMs } of faults) {
      const possible = possibleFaults.find((fault) => fault.kind === kind && fault.part === part);
      expect(pauseMs).toBeLessThanOrEqual(possible!.longestMs);
      expect(before).toBeLessThan(actions.length);
    }
  });
});
