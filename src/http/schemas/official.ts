// Shape of what a status page says of one incident.
import Type, { type Static } from 'typebox';
import { officialImpacts, officialStates } from '../../core/official.js';
import { named, nullable, serviceId, text, time } from '../schemas.js';

export const officialSchema = Type.Object(
  {
    id: text('Stable id: source, service and the id on the page.', 'statuspage:github/k7q2x9'),
    service: serviceId,
    serviceName: text('Name of the service.', 'Outlook'),
    title: text('Its words, as plain text.', 'Some users cannot sign in'),
    impact: Type.Enum([...officialImpacts], {
      type: 'string',
      description: 'How bad, by the word of the page.',
      examples: ['major'],
    }),
    state: Type.Enum([...officialStates], {
      type: 'string',
      description: 'How far the provider is, by the word of the page.',
      examples: ['investigating'],
    }),
    startedAt: time('When it began, by the word of the page; may be told afterwards'),
    publishedAt: time('When the page first told of it', '2026-07-12T10:02:00.000Z'),
    updatedAt: time('When the page last changed it', '2026-07-12T10:40:00.000Z'),
    resolvedAt: nullable(
      time('When it was over, by the word of the page; null while open', '2026-07-12T12:30:00.000Z'),
    ),
    url: nullable(text('Its page.', 'https://status.example.com/incidents/k7q2x9')),
    components: Type.Array(Type.String(), { description: 'Parts that the page names.', examples: [['Sign-in']] }),
  },
  { ...named('Official'), description: 'What a status page says of one incident.' },
);
export type OfficialOut = Static<typeof officialSchema>;

/** What an incident has of the official word. */
export const officialOfIncident = {
  official: Type.Array(officialSchema, {
    description:
      'What official status pages say of it, first told first; empty where they say nothing or are not read.',
    examples: [[]],
  }),
  leadMs: Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    description:
      'First told of by an official page (publishedAt) minus detectedAt, ms: positive = the crowd was first. null while no page tells of it.',
    examples: [2_520_000],
  }),
};

/** What a service has of it. */
export const officialOfService = {
  official: Type.Array(officialSchema, {
    description:
      'Incidents that its official status page has open now, newest first; empty where it has none or is not read.',
    examples: [[]],
  }),
};
