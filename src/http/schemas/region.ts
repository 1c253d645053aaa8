// Shape of a region.
import Type from 'typebox';
import { named, nullable, text } from '../schemas.js';

export const regionSchema = Type.Object(
  {
    code: text('ISO 3166-1 alpha-2 or ISO 3166-2 code.', 'GB-ENG'),
    name: text('English name.', 'England'),
    parent: nullable(text('Code of the region around it.', 'GB')),
  },
  named('Region'),
);
