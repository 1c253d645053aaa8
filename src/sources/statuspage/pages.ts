// Which status pages are wanted, and for which services each speaks.
import type { SourceTools } from '../kind.js';

/** Pages by address, each with the services that it speaks for. */
export type Pages = Map<string, { id: string; name: string; parent: string | null }[]>;

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
      pages.set(address, [...others, { id, name: service.name, parent: service.parent }]);
    }
  };
  if (wanted !== 'all') for (const id of wanted) add('services', id);
  else for (const { id, statusApi } of services) if (statusApi) add('services', id);
  for (const { service, url } of given) add('pages', service, url);
  return { pages, problems };
}

/** The services that a notice is about: those it names, else those that are no part of another one with the same page. */
export function servicesOf(words: readonly string[], sharing: NonNullable<ReturnType<Pages['get']>>): string[] {
  const text = ` ${words.join(' ')} `.toLowerCase().replace(/[^\p{L}\d]+/gu, ' ');
  const named = sharing.filter(({ name }) => text.includes(` ${name.toLowerCase()} `));
  const whole = sharing.filter(({ parent }) => !sharing.some(({ id }) => id === parent));
  return (named.length > 0 ? named : whole).map(({ id }) => id);
}
