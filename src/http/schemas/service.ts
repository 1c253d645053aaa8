// Shape of a service and how it fares.
import Type, { type Static } from 'typebox';
import { categories } from '../../core/catalog.js';
import { incidentStates } from '../../core/signal.js';
import { count, named, nullable, serviceId, text } from '../schemas.js';

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
export const serviceSchema = Type.Object(serviceFields, named('Service'));
export type ServiceOut = Static<typeof serviceSchema>;
