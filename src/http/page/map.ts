// A map of where people report from: countries shaded by how far they exceed the usual, or one country with circles.
import type { Catalog } from '../../core/catalog.js';
import { html, type Markup } from '../html.js';
import { regionPoint } from '../region-point.js';
import { countryShapes, type Shapes, worldShapes } from './shapes.js';

/** What is known of one region. */
export interface Place {
  region: string;
  name: string;
  /** Its reports, those of the regions in it among them. */
  reports: number;
  authors: number;
  /** Reports to be expected there in the same time. */
  usual: number;
}

/** How many times the usual; where less than one report is usual, one is taken. */
export const timesUsual = (p: Place) => p.reports / Math.max(p.usual, 1);

/** Shades from pale to strong, told apart by their lightness alone. */
const shades = [
  { from: 0, label: 'under 2' },
  { from: 2, label: '2–5' },
  { from: 5, label: '5–20' },
  { from: 20, label: '20–100' },
  { from: 100, label: 'over 100 times the usual' },
];
const shadeOf = (p: Place) => `m${shades.findLastIndex((s) => timesUsual(p) >= s.from)}`;

const countryOf = (region: string) => region.slice(0, 2);
const isPart = (region: string) => region.includes('-');
const titleOf = (p: Place, reports: number) =>
  html`<title>${p.name}: ${reports} ${reports === 1 ? 'report' : 'reports'}</title>`;

/** The country that nearly all located reports come from, or null. */
function dominant(places: readonly Place[]): string | null {
  const countries = places.filter((p) => !isPart(p.region)).sort((a, b) => b.reports - a.reports);
  const [top] = countries;
  const all = countries.reduce((sum, p) => sum + p.reports, 0);
  if (!top || top.reports < all * 0.75) return null;
  const parts = places.filter((p) => isPart(p.region) && countryOf(p.region) === top.region);
  return parts.length > 1 ? top.region : null;
}

function spotOf(shapes: Shapes, region: string, catalog: Catalog): [x: number, y: number] | null {
  const point = regionPoint(region, catalog);
  return point && shapes.spot(point);
}

/** The part of a picture that is shown. */
interface Crop {
  x: number;
  y: number;
  width: number;
  height: number;
}

function picture({ x, y, width, height }: Crop, file: string, title: string, marks: Markup): Markup {
  return html`<svg viewBox="${x} ${y} ${width} ${height}" role="img" aria-label="${title}"><use class="land" href="/map/${file}.svg#land"/>${marks}</svg>`;
}

const circle = (p: Place, [x, y]: [number, number], radius: number, reports: number) =>
  html`<circle class="${shadeOf(p)}" cx="${x}" cy="${y}" r="${Math.round(radius)}">${titleOf(p, reports)}</circle>`;

function world(places: readonly Place[], catalog: Catalog): Markup {
  const shapes = worldShapes();
  const countries = places.filter((p) => !isPart(p.region)).sort((a, b) => b.reports - a.reports);
  const marks = countries.map((p) => {
    if (shapes.codes.has(p.region))
      return html`<use class="${shadeOf(p)}" href="/map/world.svg#${p.region}">${titleOf(p, p.reports)}</use>`;
    const at = spotOf(shapes, p.region, catalog);
    return at && circle(p, at, 14, p.reports);
  });
  const most = countries.slice(0, 3).map((p) => `${p.name} ${p.reports}`);
  const whole = { x: 0, y: 0, width: shapes.width, height: shapes.height };
  return picture(whole, 'world', `World map of reports by country; most: ${most.join(', ')}`, html`${marks}`);
}

interface Spot {
  place: Place;
  at: [x: number, y: number];
  reports: number;
}

/** The part of the picture in which the spots lie, with some room around it; never narrower than a fifth of the whole. */
function cropTo(spots: readonly Spot[], whole: Shapes): Crop {
  const [xs, ys] = [spots.map((s) => s.at[0]), spots.map((s) => s.at[1])];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const shape = whole.height / whole.width;
  const needed = Math.max((right - left) * 1.5, ((bottom - top) * 1.5) / shape, whole.width / 5);
  const width = Math.round(Math.min(needed, whole.width));
  const height = Math.round(width * shape);
  const within = (middle: number, size: number, all: number) =>
    Math.round(Math.min(Math.max(middle - size / 2, 0), all - size));
  const x = within((left + right) / 2, width, whole.width);
  return { x, y: within((top + bottom) / 2, height, whole.height), width, height };
}

/** Names that fit beside the largest circles without touching each other. @param unit a thousandth of the width shown. */
function labels(spots: readonly (Spot & { radius: number })[], unit: number): Markup[] {
  const taken: [number, number][] = [];
  return spots.slice(0, 8).flatMap(({ place, at, radius }) => {
    const [x, y] = [at[0], Math.round(at[1] - radius - 7 * unit)];
    if (taken.some(([a, b]) => Math.abs(a - x) < 240 * unit && Math.abs(b - y) < 56 * unit)) return [];
    taken.push([x, y]);
    return html`<text x="${x}" y="${y}" font-size="${Math.round(20 * unit)}" text-anchor="middle">${place.name}</text>`;
  });
}

/** Each part of the country as a circle with the reports that name it and no smaller part of it. */
function zoomed(country: string, places: readonly Place[], catalog: Catalog): Markup | null {
  const shapes = countryShapes(country);
  if (!shapes) return null;
  const parts = places.filter((p) => isPart(p.region) && countryOf(p.region) === country);
  const inner = new Map<string, number>();
  for (const p of parts) {
    const parent = catalog.region(p.region)?.parent;
    if (parent) inner.set(parent, (inner.get(parent) ?? 0) + p.reports);
  }
  const own = (p: Place) => p.reports - (inner.get(p.region) ?? 0);
  const spots = parts
    .flatMap((place): Spot[] => {
      const at = own(place) > 0 ? spotOf(shapes, place.region, catalog) : null;
      return at ? [{ place, at, reports: own(place) }] : [];
    })
    .sort((a, b) => b.reports - a.reports);
  const [first] = spots;
  if (!first) return null;
  const crop = cropTo(spots, shapes);
  const unit = crop.width / 1000;
  const circles = spots.map((s) => ({ ...s, radius: unit * Math.max(7, 48 * Math.sqrt(s.reports / first.reports)) }));
  const name = catalog.region(country)?.name ?? country;
  const title = `Map of ${name}, a circle for each part that is named; most: ${spots
    .slice(0, 3)
    .map((s) => `${s.place.name} ${s.reports}`)
    .join(', ')}`;
  return picture(
    crop,
    country,
    title,
    html`<use class="home" href="/map/${country}.svg#${country}"/>${circles.map((s) => circle(s.place, s.at, s.radius, s.reports))}${labels(circles, unit)}`,
  );
}

/** The map with its key: of the country that nearly all reports come from, else of the world. */
export function map(places: readonly Place[], catalog: Catalog): Markup {
  const country = dominant(places);
  const zoom = country && zoomed(country, places, catalog);
  return html`<figure class="map">${zoom || world(places, catalog)}<figcaption>${shades.map((s, i) => html`<span class="key m${i}">${s.label}</span>`)}${zoom && html`<span>${catalog.region(country)?.name}: a circle’s area tells how many name the place.</span>`}</figcaption></figure>`;
}
