// The shape of Statuspage's public API, so that its many readers can read Outcry. It never says "outage": people report.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { Service } from '../../core/catalog.js';
import type { Incident, IncidentState } from '../../core/signal.js';
import { toIso } from '../../core/time.js';
import type { ServerDeps } from '../deps.js';
import { coverageOf, tellFreshness } from '../freshness.js';
import { baseUrl } from '../link.js';
import { complaint, places } from '../page/words.js';
import { queryOf } from '../query.js';
import { byWeight } from '../services-now.js';

const statuses: Record<IncidentState, string> = {
  watch: 'investigating',
  signal: 'investigating',
  confirmed: 'identified',
  recovering: 'monitoring',
  resolved: 'resolved',
  unknown: 'investigating',
};
const impactOf = (state: IncidentState) => (state === 'confirmed' ? 'major' : 'minor');
const componentStatus = (incident: Incident | undefined) =>
  !incident ? 'operational' : incident.state === 'confirmed' ? 'partial_outage' : 'degraded_performance';

export const statuspageRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  const { read, catalog } = deps;

  async function pageOf(request: FastifyRequest) {
    const judged = await read.judgedUntil();
    const updated = toIso(judged ?? 0);
    return { id: 'outcry', name: 'Outcry', url: baseUrl(request, deps), time_zone: 'Etc/UTC', updated_at: updated };
  }

  function component(service: Service, open: readonly Incident[], at: string) {
    return {
      id: service.id,
      name: service.name,
      status: componentStatus(open.find((i) => i.service === service.id)),
      description: null,
      group: false,
      group_id: null,
      page_id: 'outcry',
      position: 1,
      showcase: true,
      only_show_if_degraded: false,
      start_date: null,
      created_at: at,
      updated_at: at,
    };
  }

  async function incident(i: Incident, base: string) {
    const name = catalog.service(i.service)?.name ?? i.service;
    const changes = await read.changes(i.id);
    const updates = changes.map((c, n) => ({
      id: `${i.id}-${n + 1}`,
      incident_id: i.id,
      status: statuses[c.to],
      body: `${c.to}: ${c.reason}`,
      created_at: toIso(c.at),
      updated_at: toIso(c.at),
      display_at: toIso(c.at),
    }));
    const link = `${base}/incidents/${encodeURIComponent(i.id)}`;
    return {
      id: i.id,
      name: `${name}: ${i.authors} ${i.authors === 1 ? 'person says' : 'people say'} ${complaint(i)}, ${places(i.regions, catalog)}`,
      status: statuses[i.state],
      impact: impactOf(i.state),
      page_id: 'outcry',
      shortlink: link,
      created_at: toIso(i.detectedAt),
      started_at: toIso(i.startedAt),
      updated_at: updates.at(-1)?.updated_at ?? toIso(i.detectedAt),
      monitoring_at: null,
      resolved_at: i.resolvedAt === null ? null : toIso(i.resolvedAt),
      incident_updates: updates.reverse(),
      components: catalog.service(i.service)
        ? [component(catalog.service(i.service) as Service, i.resolvedAt === null ? [i] : [], toIso(i.startedAt))]
        : [],
    };
  }

  function statusOf(open: readonly Incident[]) {
    if (coverageOf(deps).state === 'blind')
      return { indicator: 'minor', description: 'Blind: no source is in contact' };
    if (open.length === 0) return { indicator: 'none', description: 'No service is reported more than usual' };
    const indicator = open.some((i) => i.state === 'confirmed') ? 'major' : 'minor';
    const many = open.length === 1 ? '1 service' : `${open.length} services`;
    return { indicator, description: `People report trouble with ${many}` };
  }

  const views: Record<string, { summary: string; answer(request: FastifyRequest): Promise<object> }> = {
    'summary.json': {
      summary: 'Status, services with an open incident, and open incidents',
      async answer(request) {
        const page = await pageOf(request);
        const open = (await read.openIncidents()).sort(byWeight);
        const services = catalog.services.filter((s) => open.some((i) => i.service === s.id));
        return {
          page,
          components: services.map((s) => component(s, open, page.updated_at)),
          incidents: await Promise.all(open.map((i) => incident(i, page.url))),
          scheduled_maintenances: [],
          status: statusOf(open),
        };
      },
    },
    'status.json': {
      summary: 'Status in one word',
      answer: async (request) => ({ page: await pageOf(request), status: statusOf(await read.openIncidents()) }),
    },
    'components.json': {
      summary: 'Every service',
      async answer(request) {
        const page = await pageOf(request);
        const open = (await read.openIncidents()).sort(byWeight);
        return { page, components: catalog.services.map((s) => component(s, open, page.updated_at)) };
      },
    },
    'incidents.json': {
      summary: 'The 50 newest incidents',
      async answer(request) {
        const page = await pageOf(request);
        const { items } = await read.incidents({ limit: 50 });
        return { page, incidents: await Promise.all(items.map((i) => incident(i, page.url))) };
      },
    },
    'incidents/unresolved.json': {
      summary: 'Open incidents',
      async answer(request) {
        const page = await pageOf(request);
        const open = (await read.openIncidents()).sort(byWeight);
        return { page, incidents: await Promise.all(open.map((i) => incident(i, page.url))) };
      },
    },
    'scheduled-maintenances.json': {
      summary: 'Always empty: Outcry hears, it does not plan',
      answer: async (request) => ({ page: await pageOf(request), scheduled_maintenances: [] }),
    },
  };

  for (const [path, { summary, answer }] of Object.entries(views)) {
    app.get(
      `/api/v2/${path}`,
      {
        schema: {
          operationId: `statuspage${path.replace(/(?:^|[^a-z])([a-z])/g, (_m, c: string) => c.toUpperCase())}`,
          tags: ['neighbours'],
          summary: `Statuspage shape: ${summary}`,
          querystring: queryOf({}),
          response: {
            200: Type.Unsafe<object>({
              type: 'object',
              additionalProperties: true,
              description: 'As the public API of Statuspage answers.',
              examples: [{}],
            }),
          },
        },
      },
      async (request, reply) => {
        await tellFreshness(reply, deps);
        return reply.header('cache-control', 'public, max-age=30').send(await answer(request));
      },
    );
  }
};
