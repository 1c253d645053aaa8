// Every setting in one place: type, default and description. Docs and tests derive from here.
import Type, { type Static, type TProperties, type TSchema } from 'typebox';
import type { SourceSettings } from '../sources/open-sources.js';

/** A duration as people write it: `90s`, `5m`, `24h`, `7d`. */
function Duration(description: string, byDefault: string) {
  return Type.String({ pattern: '^\\d+(\\.\\d+)?(ms|s|m|h|d|w)$', default: byDefault, description });
}

function Section<P extends TProperties>(description: string, properties: P) {
  return Type.Object(properties, { additionalProperties: false, default: {}, description });
}

/** The settings but for the sources, whose options belong to their kinds. */
export const settingsSchema = Type.Object(
  {
    listen: Section('Where the API and the page are served.', {
      host: Type.String({
        default: '127.0.0.1',
        description: 'Address to listen on; 0.0.0.0 opens it to the network.',
      }),
      publicUrl: Type.Union([Type.String({ pattern: '^https?://' }), Type.Null()], {
        default: null,
        description: 'Address under which the world reaches this server; null = as each request says.',
      }),
      port: Type.Integer({ minimum: 0, maximum: 65535, default: 8080, description: 'Port; 0 picks a free one.' }),
      readsPerMinute: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
        default: null,
        description:
          'Reads of the API and the feeds that one address may make in a minute; a token lifts the limit; null = no limit.',
      }),
      proxies: Type.Array(Type.String(), {
        default: [],
        description:
          'Reverse proxies in front (addresses, networks, or `loopback`) whose X-Forwarded-For is believed: readers are told apart by it.',
      }),
    }),
    db: Type.String({
      minLength: 1,
      default: './data/outcry.db',
      description: 'SQLite file, or :memory: for a run that leaves nothing behind.',
    }),
    contact: Type.Union([Type.String(), Type.Null()], {
      default: null,
      description: 'Address put into the User-Agent, so that whoever runs a polled server can reach you.',
    }),
    log: Type.Union(
      ['silent', 'error', 'warn', 'info', 'debug'].map((level) => Type.Literal(level)),
      { default: 'warn', description: 'Least level that is logged (to stderr).' },
    ),
    catalog: Section('What can fail.', {
      services: Type.Union([Type.String(), Type.Null()], {
        default: null,
        description: 'JSON file with an array of services to add to, or replace in, the catalog.',
      }),
    }),
    classify: Section('What counts as a report.', {
      model: Type.Union([Type.String(), Type.Null()], {
        default: null,
        description: 'Model file written by `outcry train`; null = the one that ships.',
      }),
      public: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
        default: null,
        description: 'Least score that counts for a post made in public; null = the default of the model.',
      }),
      support: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
        default: null,
        description:
          "Least score that counts for a post addressed to a brand or made in its forum; null = the model's.",
      }),
    }),
    detect: Section('When the crowd is loud enough.', {
      width: Duration('Step in which the counts are judged.', '5m'),
      budget: Duration(
        'Alert budget: about one false alarm per service and region in this time; longer = calmer and later.',
        '8w',
      ),
      lag: Duration('How long after the end of a step it is judged, so that slow posts still count.', '30s'),
      horizon: Duration('Posts older than this are stored, not counted.', '24h'),
    }),
    retention: Section('How long things are kept.', {
      text: Duration('Texts of posts; their counts stay.', '30d'),
      minutes: Duration('Counts by the minute; older ones are rolled up to 15 minutes.', '60d'),
      quarters: Duration('Counts by 15 minutes; older ones are rolled up to hours.', '365d'),
    }),
    push: Section('Posts pushed over HTTP.', {
      tokens: Type.Array(Type.String({ minLength: 16 }), {
        default: [],
        description:
          'Bearer tokens that may push posts (16 characters or more, best as ${VARIABLE}); `outcry token add` makes others.',
      }),
    }),
    api: Section('What may be changed over the API.', {
      manage: Type.Boolean({
        default: false,
        description:
          'Take services and sources over the API from tokens of the scope `manage`; they are kept in the database and go before those of this file.',
      }),
    }),
    readers: Section('Reports that readers hand in themselves.', {
      reports: Type.Boolean({
        default: false,
        description:
          'Take `POST /api/v1/reports` from anybody, a few an hour from one address; they never confirm an incident alone.',
      }),
    }),
    queue: Section('Between reading and storing.', {
      capacity: Type.Integer({
        minimum: 1,
        default: 10_000,
        description: 'Posts that may wait; when it is full, readers wait and pushes get 429.',
      }),
    }),
    allowHosts: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description:
        'Hosts inside your own network that sources may fetch from; all other private addresses are refused.',
    }),
  },
  { additionalProperties: false },
);

export type Settings = Static<typeof settingsSchema>;

export interface Config extends Settings {
  sources: SourceSettings[];
}

/** One row of the settings table: `listen.port`, `8080`, what it is for. */
export interface SettingRow {
  path: string;
  byDefault: unknown;
  description: string;
}

/** All settings of a schema as rows, for `outcry init` and the docs. */
export function settingRows(schema: TSchema = settingsSchema, prefix = ''): SettingRow[] {
  const properties = (schema as { properties?: Record<string, TSchema> }).properties;
  if (!properties) return [];
  return Object.entries(properties).flatMap(([key, child]) => {
    const path = prefix ? `${prefix}.${key}` : key;
    if ('properties' in child) return settingRows(child, path);
    const { default: byDefault, description } = child as { default?: unknown; description?: string };
    return [{ path, byDefault, description: description ?? '' }];
  });
}
