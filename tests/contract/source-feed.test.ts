// The contract on feeds: RSS with tombstones in Atom's manner, over HTTP.
import { feed } from '../../src/sources/feed.js';
import { serveHttp } from './serve-http.js';
import { sourceContract } from './source.js';

for (const format of ['rss', 'atom', 'json'] as const) {
  sourceContract(`feed (${format})`, async () => {
    const entries: { id: string; text: string; author: string }[] = [];
    const removed: string[] = [];
    const write = {
      rss: () =>
        `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Forum</title>${entries
          .map(
            (e) =>
              `<item><guid isPermaLink="false">${e.id}</guid><title>${e.text}</title><dc:creator>${e.author}</dc:creator><pubDate>${new Date().toUTCString()}</pubDate></item>`,
          )
          .join('')}</channel></rss>`,
      atom: () =>
        `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"><title>Forum</title>${entries
          .map(
            (e) =>
              `<entry><id>${e.id}</id><title>${e.text}</title><author><name>${e.author}</name></author><updated>${new Date().toISOString()}</updated></entry>`,
          )
          .join(
            '',
          )}${removed.map((id) => `<at:deleted-entry ref="${id}" when="2026-01-01T00:00:00Z"/>`).join('')}</feed>`,
      json: () =>
        JSON.stringify({
          version: 'https://jsonfeed.org/version/1.1',
          title: 'Forum',
          items: entries.map((e) => ({
            id: e.id,
            content_text: e.text,
            authors: [{ name: e.author }],
            date_published: new Date().toISOString(),
          })),
        }),
    };
    const server = await serveHttp((_, response) => response.end(write[format]()));
    return {
      source: (http) =>
        feed.create(
          'forum',
          { url: `${server.url}/feed?key=s3cret`, context: '', platform: '', minInterval: '20ms', maxInterval: '20ms' },
          { http },
        ),
      publish: (post) => {
        entries.unshift(post === 'bad' ? { id: 'bad', text: '', author: '' } : post);
      },
      ...(format === 'atom' && { remove: (id: string) => removed.push(id) }),
      idOf: (id) => `forum:${id}`,
      requests: server.requests,
      secret: 's3cret',
      close: server.close,
    };
  });
}
