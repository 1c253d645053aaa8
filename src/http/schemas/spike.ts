// Shape of a spike.
import Type, { type Static } from 'typebox';
import { categories } from '../../core/catalog.js';
import { count, falseAlarmsPerWeek, named, nullable, number, regionCode, serviceId, text, time } from '../schemas.js';

export const spikeSchema = Type.Object(
  {
    id: text('Stable id: service, region and start.', 'outlook/GB/1783847580000'),
    service: serviceId,
    serviceName: text('Name of the service.', 'Outlook'),
    category: Type.Enum([...categories], {
      type: 'string',
      description: 'Category of the service.',
      examples: ['email'],
    }),
    region: regionCode,
    startedAt: time('When the reports began to rise'),
    detectedAt: time('When it stood out', '2026-07-12T09:20:00.000Z'),
    peakAt: time('When most reports came in', '2026-07-12T09:45:00.000Z'),
    endedAt: nullable(time('When it was over; null while it lasts', '2026-07-12T12:05:00.000Z')),
    surprise: number('Largest surprise so far: -log10 of the chance per step.', 41.7),
    falseAlarmsPerWeek,
    reports: count('Reports and questions since its start.', 512),
    expected: number('Reports that were to be expected in that time.', 6.4),
    authors: count('Distinct authors among them.', 488),
    heldBack: nullable(text('Why it opens no incident; null when its evidence is independent.', '41 posts, 3 authors')),
  },
  named('Spike'),
);
export type SpikeOut = Static<typeof spikeSchema>;
