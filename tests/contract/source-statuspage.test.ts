// The contract on status pages, against a server that answers as Statuspage's documentation and its recorded pages do.
import { statuspage } from '../../src/sources/statuspage.js';
import { serveHttp } from './serve-http.js';
import { sourceContract } from './source.js';

sourceContract('statuspage', async () => {
  const incidents: Record<string, unknown>[] = [];
  const server = await serveHttp(({ url }, response) => {
    const unresolved = incidents.filter((incident) => incident.status !== 'resolved');
    const page = { id: 'p', name: 'Example', url: 'https://status.example.com', updated_at: `${incidents.length}` };
    const status = { indicator: unresolved.length > 0 ? 'major' : 'none', description: 'Partial System Outage' };
    if (url === '/api/v2/summary.json')
      response.end(JSON.stringify({ page, status, components: [], incidents: unresolved, scheduled_maintenances: [] }));
    else if (url === '/api/v2/incidents.json') response.end(JSON.stringify({ page, incidents }));
    else response.writeHead(404).end();
  });
  return {
    source: (http) =>
      statuspage.create(
        'pages',
        {
          services: [],
          pages: [{ service: 'github', url: `${server.url}/` }],
          minInterval: '20ms',
          maxInterval: '20ms',
        },
        { http, catalog: { services: [{ id: 'github', name: 'GitHub', parent: null }] } },
      ),
    publish(post) {
      const at = new Date(Date.now() - 60_000 + incidents.length * 1000).toISOString();
      incidents.push(
        post === 'bad'
          ? { id: '100', name: '', status: 'investigating' }
          : {
              ...{ id: post.id, name: post.text, status: 'investigating', impact: 'major', started_at: at },
              ...{ created_at: at, updated_at: at, resolved_at: null, components: [{ name: 'API' }] },
              incident_updates: [{ id: 'u', status: 'investigating', body: post.author, created_at: at }],
            },
      );
    },
    idOf: (id) => `pages:github/${id}`,
    requests: server.requests,
    close: server.close,
  };
});
