// The map of Korea: outlines, circles that do not hide each other, labels beside the country with lines to them.
import korea from './korea.json';

interface Outline {
  attribution: string;
  attribution_ko: string;
  scale: number;
  provinces: { code: string; name: string; name_ko: string; label: number[]; rings: number[][] }[];
}

const data = korea as unknown as Outline;

// An equirectangular picture about 36.3° N: at this size no reader can tell it from a conformal one.
const [west, east, south, north] = [125.6, 129.75, 33.05, 38.65];
const perDegree = 92;
const squeeze = Math.cos((36.3 * Math.PI) / 180);
/** Width of the country; labels stand in margins beside it, at x < 0 and x > mapWidth. */
export const mapWidth = Math.round((east - west) * perDegree * squeeze);
export const mapHeight = Math.round((north - south) * perDegree);

export function project(longitude: number, latitude: number): [number, number] {
  return [(longitude - west) * perDegree * squeeze, (north - latitude) * perDegree];
}

/** Rings as differences of thousandths of a degree (tools/outlines.py) → an SVG path. */
function path(rings: number[][]): string {
  let out = '';
  for (const ring of rings) {
    let [x, y] = [0, 0];
    for (let i = 0; i + 1 < ring.length; i += 2) {
      x += ring[i]!;
      y += ring[i + 1]!;
      const [px, py] = project(x / data.scale, y / data.scale);
      out += `${i === 0 ? 'M' : 'L'}${px.toFixed(1)} ${py.toFixed(1)}`;
    }
    out += 'Z';
  }
  return out;
}

export const outline = {
  attribution: data.attribution,
  attributionKo: data.attribution_ko,
  provinces: data.provinces.map((province) => ({ code: province.code, path: path(province.rings) })),
};

export interface Mark {
  name: string;
  /** A memory fab: it has a label and no circle. */
  fab?: boolean;
  place: string;
  title: string;
  sea: boolean;
  x: number;
  y: number;
  mw: number;
}
export type Circle = Mark & { r: number };

const radiusMax = 28;
const radiusMin = 4.5;

/** Circles whose area is the power, pushed apart a little at a time until none covers another's middle. */
export function circles(marks: Mark[], mwMost: number): Circle[] {
  const out = marks.map((mark): Circle => ({
    ...mark,
    r: Math.max(radiusMin, radiusMax * Math.sqrt(Math.max(0, mark.mw) / mwMost)),
  }));
  for (let round = 0; round < 60; round++) {
    let moved = false;
    for (let i = 0; i < out.length; i++) {
      for (let k = i + 1; k < out.length; k++) {
        const [a, b] = [out[i]!, out[k]!];
        let [dx, dy] = [b.x - a.x, b.y - a.y];
        if (dx === 0 && dy === 0) [dx, dy] = [1, -0.6];
        const distance = Math.hypot(dx, dy);
        const wanted = a.r + b.r + 2;
        if (distance >= wanted) continue;
        const push = (wanted - distance) / 2 / distance;
        a.x -= dx * push;
        a.y -= dy * push;
        b.x += dx * push;
        b.y += dy * push;
        moved = true;
      }
    }
    if (!moved) break;
  }
  return out.sort((a, b) => b.r - a.r);
}

/** The convex hull of points, for the ground that the sites of a belt stand on (Andrew's monotone chain). */
export function hull(points: [number, number][]): string {
  const sorted = points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const cross = (o: [number, number], a: [number, number], b: [number, number]) =>
    (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const half = (list: [number, number][]) => {
    const out: [number, number][] = [];
    for (const point of list) {
      while (out.length >= 2 && cross(out.at(-2)!, out.at(-1)!, point) <= 0) out.pop();
      out.push(point);
    }
    return out.slice(0, -1);
  };
  const around = [...half(sorted), ...half(sorted.toReversed())];
  return (
    (around.length > 0 ? around : sorted)
      .map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`)
      .join('') + 'Z'
  );
}

export interface Label {
  fab: boolean;
  name: string;
  place: string;
  mw: number;
  x: number;
  y: number;
  anchor: 'start' | 'end';
  leader: string;
  /** Name and power on two lines. */
  tall: boolean;
}

/** One label a site, in two columns west and east of the country, in the order of latitude and never on each other. */
export function labels(sites: Circle[], isTall: (place: string) => boolean): Label[] {
  const middle = project(127.8, 36)[0];
  const out: Label[] = [];
  for (const isWest of [true, false]) {
    const side = sites.filter((site) => site.x < middle === isWest).sort((a, b) => a.y - b.y);
    const ys = side.map((site) => site.y);
    for (let i = 1; i < ys.length; i++) ys[i] = Math.max(ys[i]!, ys[i - 1]! + (isTall(side[i - 1]!.place) ? 36 : 20));
    // centred about where they belong, and inside the picture
    const shift = side.length > 0 ? side.reduce((sum, site, i) => sum + ys[i]! - site.y, 0) / side.length : 0;
    const lowest = ys.at(-1) ?? 0;
    const back = Math.max(shift, lowest + 8 - mapHeight);
    side.forEach((site, i) => {
      const y = ys[i]! - back;
      const x = isWest ? -6 : mapWidth + 6;
      const from = isWest ? site.x - site.r : site.x + site.r;
      out.push({
        fab: site.fab ?? false,
        name: site.name,
        place: site.place,
        mw: site.mw,
        x,
        y: y + 4,
        tall: isTall(site.place),
        anchor: isWest ? 'end' : 'start',
        leader: `M${from.toFixed(1)} ${site.y.toFixed(1)}L${(isWest ? x + 4 : x - 4).toFixed(1)} ${y.toFixed(1)}`,
      });
    });
  }
  return out;
}
