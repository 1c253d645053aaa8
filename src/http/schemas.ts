// Shapes of all that leaves the API: every field with its unit and an example. What is not named here does not leave.
import Type, { type Static, type TSchema } from 'typebox';
import { categories } from '../core/catalog.js';
import { type Mark, marks } from '../core/ports.js';
import { kinds, symptoms } from '../core/post.js';
import { incidentStates } from '../core/signal.js';

/** A field that may be null. One `type` list serialises far faster than a union. */
export function nullable<T extends TSchema & { type: string }>(schema: T) {
  return Type.Unsafe<Static<T> | null>({ ...schema, type: [schema.type, 'null'] });
}

const shape = { additionalProperties: false } as const;

export const time = (description: string, example = '2026-07-12T09:13:00.000Z') =>
  Type.String({ format: 'date-time', description: `${description}; ISO 8601, UTC.`, examples: [example] });
export const text = (description: string, example: string) => Type.String({ description, examples: [example] });
export const count = (description: string, example: number) =>
  Type.Integer({ minimum: 0, description, examples: [example] });
export const number = (description: string, example: number) => Type.Number({ description, examples: [example] });

export const state = (description: string) =>
  Type.Enum([...incidentStates], { type: 'string', description, examples: ['confirmed'] });
const serviceId = text('Id of the service.', 'outlook');
const regionCode = text('ISO 3166-1 or 3166-2 code, `*` = everywhere.', 'GB-ENG');

export const coverageSchema = Type.Object(
  {
    state: Type.Enum(['full', 'partial', 'blind'], {
      type: 'string',
      description: 'full = every source is in contact; partial = some are not; blind = none is: quiet means nothing.',
      examples: ['full'],
    }),
    sources: count('Sources that are set up.', 3),
    alive: count('Sources in contact now.', 3),
    blind: Type.Array(Type.String(), { description: 'Names of the sources that are not in contact.', examples: [[]] }),
  },
  { ...shape, description: 'What Outcry can see at this moment.' },
);
export type Coverage = Static<typeof coverageSchema>;

const fresh = {
  asOf: nullable(time('End of what has been judged; null before the first judgement')),
  coverage: coverageSchema,
};

/** A list as every route answers it. */
export function listOf<T extends TSchema>(item: T, description: string) {
  return Type.Object(
    {
      ...fresh,
      items: Type.Array(item),
      next: nullable(text('Give it as `cursor` to get the next page; null at the end.', 'MTc4Mzg0NzU4MDAwMA')),
    },
    { ...shape, description },
  );
}

/** One thing as every route answers it: its own fields beside how fresh they are. */
export function oneOf<T extends Record<string, TSchema>>(fields: T, description: string) {
  return Type.Object({ ...fresh, ...fields }, { ...shape, description });
}

export const serviceFields = {
  id: serviceId,
  name: text('Name as people know it.', 'Outlook'),
  category: Type.Enum([...categories], { type: 'string', description: 'What it is for.', examples: ['email'] }),
  parent: nullable(text('Service that it is a part of.', 'microsoft-365')),
  domain: nullable(text('Its main address.', 'outlook.com')),
  statusPage: nullable(text('Its official status page.', 'https://status.cloud.microsoft')),
  regions: Type.Unsafe<string[] | null>({
    type: ['array', 'null'],
    items: { type: 'string' },
    description: 'Home regions of a provider; null = everywhere.',
    examples: [['GB']],
  }),
  dependsOn: Type.Array(Type.String(), {
    description: 'Services that it needs in order to work.',
    examples: [['azure']],
  }),
  state: Type.Enum(['quiet', ...incidentStates], {
    type: 'string',
    description: 'State of its open incident, or quiet; unknown when Outcry is blind.',
    examples: ['quiet'],
  }),
  incident: nullable(text('Id of its open incident.', 'outlook-20260712T0913Z')),
  reportsLastHour: count('Reports and questions in the hour before asOf.', 412),
  authorsLastHour: count('Distinct authors among them.', 398),
};
export const serviceSchema = Type.Object(serviceFields, shape);
export type ServiceOut = Static<typeof serviceSchema>;

export const regionSchema = Type.Object(
  {
    code: text('ISO 3166-1 alpha-2 or ISO 3166-2 code.', 'GB-ENG'),
    name: text('English name.', 'England'),
    parent: nullable(text('Code of the region around it.', 'GB')),
  },
  shape,
);

const falseAlarmsPerWeek = number(
  'Alarms that chance alone would raise per series and week, were the bar at this surprise.',
  0.0004,
);

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
  method: text('Version of the detection method.', 'outcry-1'),
  url: text('Page of the incident on this server.', 'https://outcry.example.org/incidents/outlook-20260712T0913Z'),
};
export const incidentSchema = Type.Object(incidentFields, shape);
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
  shape,
);

export const evidenceSchema = Type.Object(
  {
    id: text('Id of the post: source and its own id.', 'bluesky:3kabc'),
    platform: text('Where it was made public.', 'bluesky'),
    source: text('Source that read it, as the config calls it.', 'jetstream'),
    excerpt: nullable(
      text('Its words, at most 400 characters; null once the retention has passed.', 'Outlook login loops'),
    ),
    url: nullable(text('Permalink.', 'https://bsky.app/profile/x/post/3kabc')),
    lang: nullable(text('Language as the source gave it, BCP 47.', 'en')),
    createdAt: time('When it was posted'),
    kind: Type.Enum([...kinds], { type: 'string', description: 'What it says.', examples: ['report'] }),
    score: number('Probability that it reports or asks about a failure, 0 to 1.', 0.97),
    symptom: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      enum: [...symptoms, null],
      description: 'What fails; null for news and recovery.',
      examples: ['login'],
    }),
    region: nullable(text('Narrowest known region; null when the post tells none.', 'GB-ENG')),
    why: Type.Array(Type.String(), { description: 'What decided, in words.', examples: [['"can\'t log in"']] }),
  },
  shape,
);
export type EvidenceOut = Static<typeof evidenceSchema>;

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
  shape,
);
export type SpikeOut = Static<typeof spikeSchema>;

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
  shape,
);
export type StepOut = Static<typeof stepSchema>;

export const sourceSchema = Type.Object(
  {
    name: text('Name in the config.', 'hn'),
    kind: text('Kind of source.', 'feed'),
    state: Type.Enum(['starting', 'healthy', 'retrying', 'stale', 'stopped', 'failed'], {
      type: 'string',
      description: 'starting, healthy, retrying, stale (silent too long), stopped (ended), failed (needs a person).',
      examples: ['healthy'],
    }),
    lastAliveAt: nullable(time('Last contact')),
    lastPostAt: nullable(time('Time of its newest post')),
    posts: count('Posts read since the start.', 120450),
    matches: count('Posts among them that name a service.', 3120),
    postsPerMinute: number('Posts read per minute in the last ten.', 84.2),
    matchesPerMinute: number('Posts per minute in the last ten that name a service.', 2.1),
    skipped: count('Bad items skipped.', 2),
    lastSkip: nullable(text('Why the last one was skipped.', 'no date')),
    lastError: nullable(text('Last failure.', 'http-503')),
    errors: Type.Record(Type.String(), Type.Integer(), {
      description: 'Failures since the start by kind.',
      examples: [{ 'http-503': 2 }],
    }),
    nextTryAt: nullable(time('When it is tried again')),
    requestsLeft: nullable(number('Requests that its server still allows, as it last said.', 287)),
  },
  shape,
);

export const problemSchema = Type.Object(
  {
    type: text('Always about:blank: the status says the kind.', 'about:blank'),
    title: text('Words of the status.', 'Bad Request'),
    status: Type.Integer({ description: 'HTTP status.', examples: [400] }),
    detail: text('What is wrong and the way out.', 'unknown key "servce"; did you mean service?'),
    instance: text('Path of the request.', '/api/v1/spikes'),
    errors: Type.Optional(
      Type.Array(
        Type.Object(
          {
            field: text('Where.', 'query.servce'),
            value: Type.Optional(Type.Unknown({ description: 'What was given there.', examples: ['outlook'] })),
            message: text('What is wrong and the way out.', 'unknown key "servce"; did you mean service?'),
            allowed: Type.Optional(
              Type.Array(Type.Unknown(), { description: 'Values that would be taken.', examples: [['service']] }),
            ),
          },
          shape,
        ),
        { description: 'Every fault found, by field.' },
      ),
    ),
  },
  { ...shape, description: 'RFC 9457 problem.' },
);
