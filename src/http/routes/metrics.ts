// Prometheus metrics: the pipeline, the open incidents, and the most reported services (labels stay bounded).
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { incidentStates } from '../../core/signal.js';
import { hour } from '../../core/time.js';
import type { ServerDeps } from '../deps.js';
import { queryOf } from '../query.js';

/** Services with a series of their own at most. */
const maxServices = 100;

type Sample = [labels: Record<string, string>, value: number];

const label = (value: string) => value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');

function family(name: string, type: 'gauge' | 'counter', help: string, samples: Sample[]): string {
  const lines = samples.map(([labels, value]) => {
    const inner = Object.entries(labels)
      .map(([k, v]) => `${k}="${label(v)}"`)
      .join(',');
    return `${name}${inner ? `{${inner}}` : ''} ${value}\n`;
  });
  return lines.length > 0 ? `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}` : '';
}

export const metricRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'metrics',
        tags: ['health', 'neighbours'],
        summary: 'Metrics for Prometheus',
        querystring: queryOf({}),
        response: { 200: Type.String({ description: 'Text exposition format.', examples: ['outcry_info 1\n'] }) },
      },
    },
    async (_request, reply) => {
      const { read } = deps;
      const judged = await read.judgedUntil();
      const now = judged ?? deps.clock.now();
      const [open, spikes, activity] = await Promise.all([
        read.openIncidents(),
        read.openSpikes(),
        read.activity(now - hour, now),
      ]);
      const sources = deps.health();
      const perSource = (value: (s: (typeof sources)[number]) => number | null): Sample[] =>
        sources.flatMap((s) => {
          const v = value(s);
          return v === null ? [] : [[{ source: s.name, kind: s.kind }, v] as Sample];
        });
      const top = [...activity].sort((a, b) => b.authors - a.authors).slice(0, maxServices);
      const memory = process.memoryUsage();
      const cpu = process.cpuUsage();
      const text = [
        family('outcry_info', 'gauge', 'Version and method of this installation.', [
          [{ version: deps.version, method: deps.method.version }, 1],
        ]),
        family(
          'outcry_judged_until_timestamp_seconds',
          'gauge',
          'End of what has been judged.',
          judged === null ? [] : [[{}, judged / 1000]],
        ),
        family('outcry_queue_items', 'gauge', 'Items that were read and wait to be stored.', [[{}, deps.queue.size]]),
        family('outcry_queue_capacity', 'gauge', 'Most items that may wait; then sources are read no further.', [
          [{}, deps.queue.capacity],
        ]),
        family(
          'outcry_source_up',
          'gauge',
          '1 when the source is in contact.',
          perSource((s) => (s.state === 'healthy' || s.state === 'starting' ? 1 : 0)),
        ),
        family(
          'outcry_source_last_post_timestamp_seconds',
          'gauge',
          'Time of the newest post of the source.',
          perSource((s) => s.lastPostAt && s.lastPostAt / 1000),
        ),
        family(
          'outcry_source_posts_total',
          'counter',
          'Posts read since the start.',
          perSource((s) => s.posts),
        ),
        family(
          'outcry_source_matches_total',
          'counter',
          'Posts that named a service.',
          perSource((s) => s.matches),
        ),
        family(
          'outcry_source_skipped_total',
          'counter',
          'Bad items skipped.',
          perSource((s) => s.skipped),
        ),
        family(
          'outcry_source_errors_total',
          'counter',
          'Failures of the source by kind.',
          sources.flatMap((s) =>
            Object.entries(s.errors).map(([error, n]): Sample => [{ source: s.name, kind: s.kind, error }, n]),
          ),
        ),
        family(
          'outcry_source_next_try_timestamp_seconds',
          'gauge',
          'When a failed source is tried again.',
          perSource((s) => s.nextTryAt && s.nextTryAt / 1000),
        ),
        family(
          'outcry_source_requests_left',
          'gauge',
          'Requests that the server of the source still allows.',
          perSource((s) => s.requestsLeft),
        ),
        family(
          'outcry_incidents_open',
          'gauge',
          'Open incidents by state.',
          incidentStates
            .filter((state) => state !== 'resolved')
            .map((state) => [{ state }, open.filter((i) => i.state === state).length]),
        ),
        family('outcry_spikes_open', 'gauge', 'Series that stand out, by whether they are held back.', [
          [{ held_back: 'false' }, spikes.filter((s) => s.heldBack === null).length],
          [{ held_back: 'true' }, spikes.filter((s) => s.heldBack !== null).length],
        ]),
        family(
          'outcry_service_incident',
          'gauge',
          '1 for the state of the open incident of a service.',
          open.slice(0, maxServices).map((i) => [{ service: i.service, state: i.state }, 1]),
        ),
        family(
          'outcry_service_reports_1h',
          'gauge',
          'Reports of the last hour; the most reported services only.',
          top.map((a) => [{ service: a.service }, a.reports]),
        ),
        family(
          'outcry_service_authors_1h',
          'gauge',
          'Distinct authors of the last hour; the most reported services only.',
          top.map((a) => [{ service: a.service }, a.authors]),
        ),
        family('process_resident_memory_bytes', 'gauge', 'Resident memory.', [[{}, memory.rss]]),
        family('process_cpu_seconds_total', 'counter', 'CPU time used.', [[{}, (cpu.user + cpu.system) / 1e6]]),
        family('process_start_time_seconds', 'gauge', 'Start of the process.', [
          [{}, Math.round(Date.now() / 1000 - process.uptime())],
        ]),
      ].join('');
      return reply.header('cache-control', 'no-store').type('text/plain; version=0.0.4; charset=utf-8').send(text);
    },
  );
};
