// What the examples of docs/api-examples.md ask, by operation: a test runs every one of them in three languages.

export interface Example {
  path?: Record<string, string>;
  query?: Record<string, string | number | boolean>;
  body?: object;
  /** List in the answer whose items are printed; '' = the answer itself is the list. */
  each?: string;
  /** What is printed of the answer, or of each item; left out, all of it. */
  shows?: string[];
}

const incident = { id: 'outlook-20260712T0913Z' };
const isp = { name: 'Northern Fibre', category: 'isp', aliases: ['northern fibre', 'nofibre'] };
const forum = { kind: 'feed', url: 'https://forum.example.org/latest.rss' };
const statuspage: Example = { shows: ['page'] };

export const examples: Record<string, Example> = {
  getSummary: { each: 'incidents', shows: ['serviceName', 'state', 'authors'] },
  listIncidents: {
    query: { state: 'open', min_authors: 20, sort: '-authors' },
    each: 'items',
    shows: ['serviceName', 'authors'],
  },
  getIncident: { path: incident, shows: ['state', 'reports', 'authors'] },
  listEvidence: { path: incident, query: { lang: 'en', limit: 5 }, each: 'items', shows: ['platform', 'excerpt'] },
  listTimeline: { path: incident, each: 'items', shows: ['at', 'to', 'reason'] },
  citeIncident: { path: incident, shows: ['text', 'permalink'] },
  listSpikes: { query: { open: true, sort: '-surprise' }, each: 'items', shows: ['service', 'region', 'heldBack'] },
  listServices: {
    query: { category: 'email', sort: '-authorsLastHour' },
    each: 'items',
    shows: ['name', 'state', 'authorsLastHour'],
  },
  getService: { path: { id: 'outlook' }, shows: ['state', 'authorsLastHour'] },
  listOfficial: { each: 'items', shows: ['serviceName', 'title', 'state'] },
  getSeries: {
    query: { service: 'outlook', region: 'GB', since: '7d', interval: '1h' },
    each: 'steps',
    shows: ['t', 'observed', 'expected'],
  },
  stream: { query: { category: 'email', min_authors: 20 } },
  listRegions: { query: { parent: 'GB' }, each: 'items', shows: ['code', 'name'] },
  getMethod: { path: { version: 'outcry-1' }, shows: ['description'] },
  listSources: { each: 'items', shows: ['name', 'state', 'postsPerMinute'] },
  healthz: { shows: ['status'] },
  readyz: { shows: ['status'] },
  listAnnotations: { query: { service: 'outlook', since: '7d' }, each: '', shows: ['time', 'title'] },
  metrics: {},
  feed: { path: { format: 'atom' } },
  narrowFeed: { path: { by: 'services', value: 'outlook', format: 'json' }, each: 'items', shows: ['title'] },
  getBadge: { path: { id: 'outlook' } },
  getShield: { path: { id: 'outlook' }, shows: ['message', 'color'] },
  getEmbed: { path: { id: 'outlook' } },
  oembed: { query: { url: 'https://outcry.example.org/services/outlook' }, shows: ['html'] },
  statuspageSummaryJson: { shows: ['status'] },
  statuspageStatusJson: { shows: ['status'] },
  statuspageComponentsJson: statuspage,
  statuspageIncidentsJson: statuspage,
  statuspageIncidentsUnresolvedJson: statuspage,
  statuspageScheduledMaintenancesJson: statuspage,
  pushPosts: {
    body: {
      id: '3kabc',
      text: 'outlook login is broken again',
      createdAt: '2026-07-12T11:59:00Z',
      platform: 'mastodon',
    },
    shows: ['accepted', 'rejected'],
  },
  reportOutage: { body: { service: 'outlook', symptom: 'login', region: 'GB' }, shows: ['service', 'symptom'] },
  correctVerdict: { path: { id: 'replay:0' }, body: { kind: 'news' }, shows: ['kind', 'services'] },
  addNote: { path: incident, body: { text: 'The provider confirms a fault.' }, shows: ['notes'] },
  setMark: { path: incident, body: { mark: 'false-alarm' }, shows: ['mark'] },
  addService: { body: { id: 'northern-fibre', ...isp }, shows: ['service'] },
  putService: { path: { id: 'northern-fibre' }, body: { ...isp, regions: ['GB-ENG'] }, shows: ['service'] },
  dropService: { path: { id: 'northern-fibre' } },
  addSource: { body: { name: 'isp-forum', ...forum }, shows: ['source'] },
  putSource: { path: { name: 'isp-forum' }, body: forum, shows: ['source'] },
  dropSource: { path: { name: 'isp-forum' } },
};
