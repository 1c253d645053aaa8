// Parts that the shapes in schemas/ are made of: every field with its unit and an example. What no shape names does not leave.
import Type, { type Static, type TSchema } from 'typebox';
import { incidentStates } from '../core/signal.js';

/** A field that may be null. One `type` list serialises far faster than a union. */
export function nullable<T extends TSchema & { type: string }>(schema: T) {
  return Type.Unsafe<Static<T> | null>({ ...schema, type: [schema.type, 'null'] });
}

export const shape = { additionalProperties: false } as const;

/** Options of a shape that has a name of its own in the document. */
export const named = (title: string) => ({ ...shape, title });

export const time = (description: string, example = '2026-07-12T09:13:00.000Z') =>
  Type.String({ format: 'date-time', description: `${description}; ISO 8601, UTC.`, examples: [example] });
export const text = (description: string, example: string) => Type.String({ description, examples: [example] });
export const count = (description: string, example: number) =>
  Type.Integer({ minimum: 0, description, examples: [example] });
export const number = (description: string, example: number) => Type.Number({ description, examples: [example] });

export const state = (description: string) =>
  Type.Enum([...incidentStates], { type: 'string', description, examples: ['confirmed'] });
export const serviceId = text('Id of the service.', 'outlook');
export const regionCode = text('ISO 3166-1 or 3166-2 code, `*` = everywhere.', 'GB-ENG');

const coverageSchema = Type.Object(
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
  { ...named('Coverage'), description: 'What Outcry can see at this moment.' },
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

export const falseAlarmsPerWeek = number(
  'Alarms that chance alone would raise per series and week, were the bar at this surprise.',
  0.0004,
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
  { ...named('Problem'), description: 'RFC 9457 problem.' },
);
