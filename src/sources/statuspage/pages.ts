// Which status pages are wanted, and for which services each speaks.
import type { SourceTools } from '../kind.js';

/** Pages by address, each with the services that it speaks for. */
export type Pages = Map<string, { id: string; name: string }[]>;

/** The pages that are wanted, and what is wanted but cannot be had, in words. */
export function pagesOf(
  { services: wanted, pages: given }: { services: 'all' | string[]; pages: { service: string; url: string }[] },
  services: NonNullable<SourceTools['catalog']>['services'],
): { pages: Pages; problems: string[] } {
  const known = new Map(services.map((service) => [service.id, service]));
  const pages: Pages = new Map();
  const problems: string[] = [];
  const add = (field: string, id: string, page?: string | null) => {
    const service = known.get(id);
    const url = page ?? service?.statusApi;
    if (!service)
      problems.push(`${field}: there is no service ${JSON.stringify(id)}: give the id of one in the catalog`);
    else if (!url)
      problems.push(
        `${field}: no page is known for ${id} that can be read: name it as pages: [{service: ${id}, url: ...}]`,
      );
    else {
      const address = url.replace(/\/+$/, '');
      const others = (pages.get(address) ?? []).filter((other) => other.id !== id);
      pages.set(address, [...others, { id, name: service.name }]);
    }
  };
  if (wanted !== 'all') for (const id of wanted) add('services', id);
  else for (const { id, statusApi } of services) if (statusApi) add('services', id);
  for (const { service, url } of given) add('pages', service, url);
  return { pages, problems };
}
