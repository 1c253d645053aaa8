// The states of an incident: calm, sure of what they say, and never flapping.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { incidentStates } from '../../src/core/signal.js';
import { minute } from '../../src/core/time.js';
import { nextState, type Sight, type Standing } from '../../src/detect/lifecycle.js';

const strong = { effective: 40, expected: 1, classes: ['bluesky', 'reddit'], recoveries: 0, reports: 60 };
const thin = { effective: 5, expected: 0.1, classes: ['bluesky'], recoveries: 0, reports: 5 };
const one = { ...strong, classes: ['bluesky'] };

function sight(more: Partial<Sight> = {}): Sight {
  return {
    at: 1000 * minute,
    blind: false,
    spiking: true,
    recent: 30,
    usual: 0.5,
    evidence: strong,
    recoveriesNow: 0,
    ...more,
  };
}
function standing(state: Standing['state'], minutesAgo = 30, before: Standing['before'] = null): Standing {
  return { state, since: (1000 - minutesAgo) * minute, before };
}
const to = (s: Standing, seen: Partial<Sight>) => nextState(s, sight(seen))?.to ?? s.state;

describe('what follows from what is seen', () => {
  test.each<[string, Standing, Partial<Sight>, string]>([
    ['thin evidence stays under watch', standing('watch'), { evidence: thin }, 'watch'],
    ['a watch with enough voices becomes a signal', standing('watch'), { evidence: one }, 'signal'],
    ['and confirmed at once with two classes', standing('watch'), {}, 'confirmed'],
    ['a signal on a second platform is confirmed', standing('signal'), {}, 'confirmed'],
    ['a signal on one platform is not', standing('signal'), { evidence: one }, 'signal'],
    [
      'unless an official page admits it',
      standing('signal'),
      { evidence: { ...one, official: 'x says: y' } },
      'confirmed',
    ],
    ['which lifts no thin evidence', standing('watch'), { evidence: { ...thin, official: 'x says: y' } }, 'watch'],
    [
      'and keeps nothing open',
      standing('confirmed'),
      { evidence: { ...one, official: 'x says: y' }, recent: 1 },
      'recovering',
    ],
    [
      'twice the usual voices of a busy service are no signal',
      standing('watch'),
      { evidence: { ...one, effective: 39, expected: 20 } },
      'watch',
    ],
    ['what was confirmed never becomes less sure', standing('confirmed'), { evidence: thin }, 'confirmed'],
    ['calm counts mean recovering', standing('confirmed'), { recent: 1 }, 'recovering'],
    [
      'so do people who say that it works, while counts fall',
      standing('confirmed'),
      { recent: 4, recoveriesNow: 3 },
      'recovering',
    ],
    ['but not while counts are still high', standing('confirmed'), { recent: 30, recoveriesNow: 20 }, 'confirmed'],
    ['calm without thanks waits an hour', standing('recovering', 55, 'confirmed'), { recent: 0 }, 'recovering'],
    ['and then ends', standing('recovering', 60, 'confirmed'), { recent: 0 }, 'resolved'],
    [
      'thanks end it after twenty minutes',
      standing('recovering', 20, 'confirmed'),
      { recent: 0, evidence: { ...strong, recoveries: 2 } },
      'resolved',
    ],
    ['a few late complaints are no relapse', standing('recovering', 30, 'confirmed'), { recent: 4 }, 'recovering'],
    ['many are', standing('recovering', 30, 'confirmed'), { recent: 12, evidence: thin }, 'confirmed'],
    ['but not in the first ten minutes', standing('recovering', 5, 'confirmed'), { recent: 12 }, 'recovering'],
    ['a closed spike ends it', standing('signal'), { spiking: false, recent: 0 }, 'resolved'],
    ['blind sources hide it', standing('confirmed'), { blind: true, recent: 0, spiking: false }, 'unknown'],
    [
      'and nothing ends while blind',
      standing('unknown', 500, 'confirmed'),
      { blind: true, recent: 0, spiking: false },
      'unknown',
    ],
    ['sight again shows it as it was', standing('unknown', 30, 'confirmed'), { recent: 0 }, 'confirmed'],
    ['a rise within the hour goes on', standing('resolved', 40, 'recovering'), { recent: 12, evidence: one }, 'signal'],
    ['no rise, no new life', standing('resolved', 40, 'recovering'), { recent: 3 }, 'resolved'],
    ['after the hour it is over', standing('resolved', 61, 'recovering'), { recent: 12 }, 'resolved'],
  ])('%s', (_, before, seen, expected) => expect(to(before, seen)).toBe(expected));
});

test('every change says why, and none leads to where it stands', () => {
  const evidence = fc.record({
    effective: fc.double({ min: 0, max: 500, noNaN: true }),
    expected: fc.double({ min: 0, max: 100, noNaN: true }),
    classes: fc.subarray(['bluesky', 'reddit', 'news']),
    recoveries: fc.nat({ max: 20 }),
    reports: fc.nat({ max: 900 }),
  });
  const anySight = fc.record({
    at: fc.constant(1000 * minute),
    blind: fc.boolean(),
    spiking: fc.boolean(),
    recent: fc.nat({ max: 300 }),
    usual: fc.double({ min: 0, max: 50, noNaN: true }),
    evidence,
    recoveriesNow: fc.nat({ max: 20 }),
  });
  fc.assert(
    fc.property(fc.constantFrom(...incidentStates), fc.nat({ max: 200 }), anySight, (state, ago, seen) => {
      const step = nextState(standing(state, ago, 'signal'), seen);
      if (!step) return;
      expect(step.to).not.toBe(state);
      expect(step.reason.length).toBeGreaterThan(5);
      if (seen.blind) expect(step.to).toBe('unknown');
    }),
  );
});

test('a count that wavers around any level flaps at most once in twenty minutes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 40 }), { minLength: 50, maxLength: 100 }),
      fc.double({ min: 0.1, max: 15, noNaN: true }),
      (recents, usual) => {
        let now: Standing = { state: 'signal', since: 0, before: null };
        const turns: number[] = [];
        recents.forEach((recent, i) => {
          const at = (i + 1) * 5 * minute;
          const step = nextState(now, sight({ at, recent, usual, evidence: one }));
          if (!step) return;
          if (now.state === 'recovering' && step.to === 'signal') turns.push(at);
          now = { state: step.to, since: at, before: now.state };
        });
        for (let i = 1; i < turns.length; i++)
          expect((turns[i] as number) - (turns[i - 1] as number)).toBeGreaterThanOrEqual(15 * minute);
      },
    ),
  );
});
