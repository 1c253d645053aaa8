// Counts of one service and region over time, with what was to be expected.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { day, toIso } from '../../core/time.js';
import type { RouteDeps } from '../deps.js';
import { badField } from '../errors.js';
import { formatOf, formKeys } from '../forms/formats.js';
import { fieldsOf, pick } from '../forms/pick.js';
import { freshness } from '../freshness.js';
import { sendJson, sendStream } from '../list.js';
import { presentStep } from '../present.js';
import { checkRegion, checkService, intervals, keys, queryOf, readWindow } from '../query.js';
import { stepSchema } from '../schemas/series.js';
import { number, oneOf, problemSchema, text, time } from '../schemas.js';
import { fittingStep, possibleSteps } from '../series.js';

/** Most steps in one answer. */
const maxSteps = 5000;

export const seriesRoutes: FastifyPluginAsyncTypebox<RouteDeps> = async (app, deps) => {
  const possible = possibleSteps(deps.widthMs, Object.values(intervals));
  const allowed = Object.keys(intervals).filter((name) => possible.includes(intervals[name] as number));
  app.get(
    '/api/v1/series',
    {
      schema: {
        operationId: 'getSeries',
        tags: ['history'],
        summary: 'Observed and expected reports of one service and region, gaps included',
        querystring: queryOf({
          service: Type.String({ description: 'Id of a service.', examples: ['outlook'] }),
          region: Type.Optional({ ...keys.region, default: '*' }),
          interval: Type.Optional(
            Type.Enum(allowed, {
              type: 'string',
              description: 'Width of a step; left out = as fits the window.',
              examples: ['15m'],
            }),
          ),
          since: Type.Optional(
            Type.String({ description: 'From then on: ISO 8601, or how long ago; default 24h.', examples: ['7d'] }),
          ),
          until: keys.until,
          ...formKeys(),
        }),
        response: {
          200: oneOf(
            {
              service: text('Id of the service.', 'outlook'),
              region: text('Code of the region, `*` = everywhere.', '*'),
              interval: text('Width of a step.', '15m'),
              intervalMs: number('Width of a step, ms.', 900_000),
              from: time('Start of the first step'),
              to: time('End of the window: never later than asOf', '2026-07-13T09:13:00.000Z'),
              steps: Type.Array(stepSchema, { description: 'Steps in order, none left out.' }),
            },
            'A series. The expectation and its 95 % interval of a wide step are sums over the judged steps in it, ' +
              'their errors taken as independent; between judged steps it is a straight line.',
          ),
          400: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const service = checkService(deps.catalog, query.service) as string;
      const region = checkRegion(deps.catalog, query.region) as string;
      const judged = await deps.read.judgedUntil();
      const now = deps.clock.now();
      const window = readWindow(query, now);
      const until = window.until ?? judged ?? now;
      const since = window.since ?? until - day;
      const span = Math.max(until - since, 1);
      const stepMs = query.interval ? (intervals[query.interval] as number) : fittingStep(span, 300, possible);
      if (span / stepMs > maxSteps) {
        const message = `${Math.ceil(span / stepMs)} steps are too many for one answer (at most ${maxSteps}): take a wider interval or a shorter window`;
        throw badField({ field: 'query.interval', value: query.interval, message, allowed });
      }
      // What lies behind the last judgement is not complete: it is left out rather than shown as a fall.
      const to = Math.max(since, Math.min(until, judged ?? until));
      const steps = await deps.series({ service, region }, { from: since, to, stepMs });
      const fields = fieldsOf(stepSchema, query.fields);
      const format = formatOf(request, query.format);
      const rows = steps.map(presentStep);
      if (format === 'csv' || format === 'ndjson' || format === 'parquet')
        return sendStream(reply, deps, rows, { format, schema: stepSchema, fields, name: `${service}-series` });
      const answer = {
        ...(await freshness(deps)),
        service,
        region,
        interval: Object.keys(intervals).find((name) => intervals[name] === stepMs) as string,
        intervalMs: stepMs,
        from: toIso(steps[0]?.t ?? since),
        to: toIso(to),
        steps: rows,
      };
      if (query.fields === undefined) return reply.send(answer);
      return sendJson(reply, { ...answer, steps: rows.map((row) => pick(row, fields)) });
    },
  );
};
