// Shape of one step of a series.
import Type, { type Static } from 'typebox';
import { count, named, nullable, number, time } from '../schemas.js';

export const stepSchema = Type.Object(
  {
    t: time('Start of the step'),
    observed: Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      description: 'Reports and questions in the step; null = a gap: nobody looked.',
      examples: [37],
    }),
    expected: nullable(number('Reports to be expected; null where nothing is known yet.', 2.4)),
    low: nullable(number('Lower end of the central 95 % interval.', 0)),
    high: nullable(number('Upper end of the central 95 % interval.', 6.1)),
    surprise: nullable(number('Largest surprise in the step; null where nothing was judged.', 12.8)),
    authors: Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      description: 'Distinct authors not seen in this series in the 60 minutes before; they add up. null = a gap.',
      examples: [35],
    }),
    seen: count('All posts read in the step, whatever they are about.', 5210),
    coverage: number('Share of the step in which at least one source was in contact, 0 to 1.', 1),
  },
  named('Step'),
);
export type StepOut = Static<typeof stepSchema>;
