// Shape of a post shown as evidence.
import Type, { type Static } from 'typebox';
import { kinds, symptoms } from '../../core/post.js';
import { named, nullable, number, text, time } from '../schemas.js';

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
  named('Evidence'),
);
export type EvidenceOut = Static<typeof evidenceSchema>;
