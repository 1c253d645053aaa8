// Shape of a source and how it fares.
import Type from 'typebox';
import { count, named, nullable, number, text, time } from '../schemas.js';

export const sourceStates = ['starting', 'healthy', 'retrying', 'stale', 'stopped', 'failed'] as const;

export const sourceSchema = Type.Object(
  {
    name: text('Name in the config.', 'hn'),
    kind: text('Kind of source.', 'feed'),
    state: Type.Enum([...sourceStates], {
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
  named('Source'),
);
