// Shapes of an incident, its changes, and what operators say of it.
import Type, { type Static } from 'typebox';
import { categories } from '../../core/catalog.js';
import { type Mark, marks } from '../../core/ports.js';
import { symptoms } from '../../core/post.js';
import { incidentStates } from '../../core/signal.js';
import { count, falseAlarmsPerWeek, named, nullable, number, serviceId, shape, state, text, time } from '../schemas.js';

export const incidentFields = {
  id: text('Stable id: service and start.', 'outlook-20260712T0913Z'),
  service: serviceId,
  serviceName: text('Name of the service.', 'Outlook'),
  category: Type.Enum([...categories], {
    type: 'string',
    description: 'Category of the service.',
    examples: ['email'],
  }),
  state: state('watch, signal, confirmed, recovering, resolved; unknown while its sources are blind.'),
  startedAt: time('When the reports began to rise, as far as the counts tell'),
  detectedAt: time('When Outcry raised it', '2026-07-12T09:20:00.000Z'),
  peakAt: time('When most reports came in', '2026-07-12T09:45:00.000Z'),
  resolvedAt: nullable(time('When the reports were back to normal; null while open', '2026-07-12T12:05:00.000Z')),
  regions: Type.Array(Type.String(), {
    description: 'Narrowest regions that explain the excess; `*` = everywhere.',
    examples: [['GB-ENG']],
  }),
  touched: Type.Array(Type.String(), {
    description: 'All regions that reports came from, whether they stand out there or not.',
    examples: [['GB-ENG', 'GB-WLS']],
  }),
  reports: count('Posts that report or ask about a failure since it started.', 1824),
  authors: count('Distinct authors among them.', 1671),
  platforms: Type.Array(Type.String(), { description: 'Platforms they came from.', examples: [['bluesky', 'reddit']] }),
  unlocated: number('Share of the reports whose region is unknown, 0 to 1.', 0.62),
  symptoms: Type.Record(Type.String(), Type.Integer(), {
    description: `Reports by symptom: ${symptoms.join(', ')}.`,
    examples: [{ login: 1102, connection: 401 }],
  }),
  surprise: number('-log10 of the chance per step that this is coincidence; larger = more anomalous.', 41.7),
  falseAlarmsPerWeek,
  possibleSpilloverOf: Type.Array(
    Type.Object(
      { service: serviceId, overlap: number('Share of its reports that name the other service too, 0 to 1.', 0.4) },
      shape,
    ),
    { description: 'Services whose own incident probably explains this one.', examples: [[]] },
  ),
  blamed: Type.Array(
    Type.Object({ service: serviceId, reports: count('Reports that take it for the cause.', 12) }, shape),
    {
      description: 'Services that its reports take for the cause ("is it AWS?"), the most blamed first.',
      examples: [[{ service: 'aws', reports: 12 }]],
    },
  ),
  method: text('Version of the detection method.', 'outcry-1'),
  url: text('Page of the incident on this server.', 'https://outcry.example.org/incidents/outlook-20260712T0913Z'),
};
export const incidentSchema = Type.Object(incidentFields, named('Incident'));
export type IncidentOut = Static<typeof incidentSchema>;

export const markSchema = Type.Unsafe<Mark | null>({
  type: ['string', 'null'],
  enum: [...marks, null],
  description: 'What an operator judges it to have been: false-alarm, or merged (a part of another incident).',
  examples: ['false-alarm'],
});

/** What operators say of an incident. */
export const remarkFields = {
  notes: Type.Array(
    Type.Object(
      { at: time('When it was written'), text: text('Its words, as plain text.', 'The operator confirms a fault.') },
      shape,
    ),
    { description: 'Notes of operators, oldest first.', examples: [[]] },
  ),
  mark: Type.Unsafe<{ at: string; mark: Mark; target: string | null } | null>({
    type: ['object', 'null'],
    properties: {
      at: time('When it was marked'),
      mark: markSchema,
      target: nullable(text('Incident that it is a part of, where merged.', 'azure-20260712T0905Z')),
    },
    required: ['at', 'mark', 'target'],
    additionalProperties: false,
    description: 'Mark of an operator; null where there is none.',
    examples: [null],
  }),
};

/** An incident in a list: with its mark, its notes are left to the incident itself. */
export const listedIncidentSchema = Type.Object(
  { ...incidentFields, mark: remarkFields.mark },
  named('ListedIncident'),
);

export const changeSchema = Type.Object(
  {
    at: time('When the state changed'),
    from: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      enum: [...incidentStates, null],
      description: 'State before; null at the start.',
      examples: ['signal'],
    }),
    to: state('State after.'),
    reason: text('Why, in words.', 'reports from 3 platforms agree'),
  },
  named('Change'),
);

/** What makes an answer a frozen one, beside the facts as of then. */
export const frozenFields = {
  hash: text(
    'SHA-256 of the facts (state, times, numbers, platforms, regions, method), as in a citation: it changes when they do.',
    'b1946ac92492d2347c6235b4d2611184',
  ),
  frozen: Type.Unsafe<{
    at: string;
    since: string;
    permalink: string;
    live: string;
    timeline: Static<typeof changeSchema>[];
  } | null>({
    type: ['object', 'null'],
    properties: {
      at: time('All else is told as it was known then; only asOf and coverage are of now', '2026-07-12T12:00:00.000Z'),
      since: time('Since when it was known so', '2026-07-12T11:56:00.000Z'),
      permalink: text(
        'Page of the frozen incident.',
        'https://outcry.example.org/incidents/outlook-20260712T0913Z?at=2026-07-12T12:00:00.000Z',
      ),
      live: text('What is known of it now.', 'https://outcry.example.org/api/v1/incidents/outlook-20260712T0913Z'),
      timeline: Type.Array(changeSchema, { description: 'Its changes until then, oldest first.' }),
    },
    required: ['at', 'since', 'permalink', 'live', 'timeline'],
    additionalProperties: false,
    description: 'Said where `at` asks how it was known then; null = as it is known now.',
    examples: [null],
  }),
};
