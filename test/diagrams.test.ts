/** The pictures are what the machines say: nothing forgotten, nothing drawn by hand, nothing out of date. */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { factor } from '../docs/diagrams/factor.ts';
import { overlaps } from '../docs/diagrams/geometry.ts';
import { idOf } from '../docs/diagrams/mermaid.ts';
import { renderAll } from '../docs/diagrams/render.ts';
import { widthOf, wrap } from '../docs/diagrams/text.ts';
import { type Drawing, drawingOf, type Transition } from '../docs/diagrams/walk.ts';
import { checkWiring, wireEdges, wiring } from '../docs/diagrams/wiring.ts';
import { executorMachine } from '../machines/executor.ts';
import { futureMachine } from '../machines/future.ts';
import { workerMachine } from '../machines/worker.ts';

const folder = new URL('../docs/diagrams/', import.meta.url);
const drawings = [futureMachine, workerMachine, executorMachine].map(drawingOf);
const names = ['future', 'worker', 'executor', 'overview'].flatMap((id) => [`${id}.mmd`, `${id}.svg`]);

/** A transition as one string, to compare what is drawn with what is. */
const told = ({ from, event, effects, to }: Pick<Transition, 'from' | 'event' | 'effects' | 'to'>) =>
  `${from} --${event} / ${effects.join(', ')}--> ${to}`;
const plain = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&');

describe('the pictures', () => {
  let rendered: Map<string, string>;
  beforeAll(async () => {
    rendered = await renderAll();
  }, 60_000);

  it('are these eight files and no other', () => {
    expect([...rendered.keys()].sort()).toEqual([...names].sort());
    const checkedIn = readdirSync(folder).filter((name) => /\.(mmd|svg)$/.test(name));
    expect(checkedIn.sort()).toEqual([...names].sort());
  });

  it.each(names)('%s is up to date, and says that it is generated', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    expect(text.split('\n', 1)[0]).toMatch(/^(%%|<!--) Generated from .*: do not edit, run 'npm run diagrams'\./);
    expect(
      text === rendered.get(name),
      `docs/diagrams/${name} is out of date: run 'npm run diagrams', then look at it`,
    ).toBe(true);
  });

  it.each(names.filter((name) => name.endsWith('.svg')))('%s can be read in a README, in light and in dark', (name) => {
    const svg = rendered.get(name) ?? '';
    expect(Number(/<svg [^>]*width="([\d.]+)"/.exec(svg)?.[1])).toBeLessThanOrEqual(1100);
    const sizes = [...svg.matchAll(/font-size="([\d.]+)"/g)].map((match) => Number(match[1]));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
    expect(svg).toContain('@media (prefers-color-scheme:dark)');
    expect(svg).toMatch(/<rect class="card"/);
  });
});

describe.each(drawings.map((drawing) => ({ id: drawing.id, drawing })))('the $id picture', ({ id, drawing }) => {
  const mermaid = readFileSync(new URL(`${id}.mmd`, folder), 'utf8');
  const svg = readFileSync(new URL(`${id}.svg`, folder), 'utf8');

  it('has every arrow of the machine in Mermaid, and none besides', () => {
    const drawn = arrowsIn(mermaid, drawing);
    expect(drawn.sort()).toEqual(drawing.arrows.map(told).sort());
  });

  it('begins and ends in Mermaid where the machine does', () => {
    const starts = [...mermaid.matchAll(/\[\*\] --> (\w+)/g)].map((match) => match[1]);
    const initials = [drawing.initial, ...drawing.composites.map(({ initial }) => initial)];
    expect(starts.sort()).toEqual(initials.map(idOf).sort());
    const ends = [...mermaid.matchAll(/(\w+) --> \[\*\]/g)].map((match) => match[1]);
    const finals = drawing.leaves.filter((leaf) => leaf.final);
    expect(ends.sort()).toEqual(finals.map((leaf) => idOf(leaf.path)).sort());
  });

  it('has every state in Mermaid, with its description, its reasons and its answers', () => {
    for (const leaf of drawing.leaves) {
      const text = new RegExp(`^ *state "<b>${leaf.name}</b><br/>(.*)" as ${idOf(leaf.path)}$`, 'm').exec(mermaid)?.[1];
      const lines = text?.split('<br/>') ?? [];
      expect(lines[0]).toBe(leaf.description);
      const mine = [...drawing.arrows, ...drawing.answers].filter(({ from }) => from === leaf.path);
      for (const { event, description } of mine)
        expect(lines.some((line) => line.startsWith(event) && line.endsWith(`<i>${description}</i>`))).toBe(true);
      expect(lines).toHaveLength(mine.length + 1);
    }
  });

  it('has every state in the SVG, with its description, and a double border where it is final', () => {
    for (const { path, description, final } of drawing.leaves) {
      const card = new RegExp(`<g class="node" data-state="${path}">.*?</g>`, 's').exec(svg)?.[0] ?? '';
      expect(plain(card)).toContain(`<title>${path}: ${description}`);
      for (const line of wrap(description, 158, 11.5)) expect(plain(card)).toContain(`>${line}<`);
      expect(card.includes('class="inner"')).toBe(final);
    }
    expect([...svg.matchAll(/<g class="node"/g)]).toHaveLength(drawing.leaves.length);
  });

  it('has every transition in a row of the SVG, with its reason, and none besides', () => {
    const rows = [...svg.matchAll(/<g class="row" ([^>]*)>/g)].flatMap(([, data = '']) => {
      const get = (name: string) => plain(new RegExp(`data-${name}="([^"]*)"`).exec(data)?.[1] ?? '');
      return get('in')
        .split(' ')
        .map((from) => {
          const effects = get('effects').split(' ').filter(Boolean);
          return `${told({ from, event: get('event'), effects, to: get('to') || from })} ${get('because')}`;
        });
    });
    const all = [...drawing.arrows, ...drawing.answers].map((it) => `${told(it)} ${it.description}`);
    expect(rows.sort()).toEqual(all.sort());
  });

  it('has every arrow of the SVG from the machine, and every arrow of the machine in the SVG', () => {
    const { any } = factor(drawing);
    const drawn = new Set<string>();
    for (const [, from = '', to = '', events = ''] of svg.matchAll(
      /<g class="edge" data-from="([^"]*)" data-to="([^"]*)" data-events="([^"]*)"/g,
    ))
      for (const source of from.split(' ').flatMap((id) => leavesOf(drawing, any, id)))
        for (const event of events.split(' ')) drawn.add(`${source} ${event} ${to}`);
    expect([...drawn].sort()).toEqual(drawing.arrows.map(({ from, event, to }) => `${from} ${event} ${to}`).sort());
  });
});

describe('the overview', () => {
  it('has the wiring table agree with the machines', () => {
    expect(checkWiring(drawings)).toEqual([]);
  });

  it('would say what is wrong with the table', () => {
    const [future, ...others] = drawings;
    if (!future) throw new Error('no drawing');
    const more = { ...future, events: [...future.events, 'sing'], initialEffects: ['dance'] };
    expect(checkWiring([more, ...others])).toEqual([
      "nothing raises 'sing' of the future machine",
      "'dance' of the future machine leads nowhere",
    ]);
    const less = { ...future, events: future.events.slice(1), arrows: [], answers: [] };
    expect(checkWiring([less, ...others])).toEqual([
      "no transition of the future machine asks for 'publish'",
      "no transition of the future machine asks for 'refuse'",
      "the future machine has no event 'cancel'",
    ]);
  });

  it('shows every wire, in Mermaid and in SVG', () => {
    const mermaid = readFileSync(new URL('overview.mmd', folder), 'utf8');
    const svg = plain(readFileSync(new URL('overview.svg', folder), 'utf8'));
    const arrows = [...mermaid.matchAll(/^ {2}(\w+) --> (\w+) :/gm)].map((match) => `${match[1]} ${match[2]}`);
    expect(arrows).toEqual(wireEdges().map(({ from, to }) => `${from} ${to}`));
    for (const [cause, consequences] of Object.entries(wiring))
      for (const name of [cause, ...consequences].map((it) => it.slice(it.indexOf('.') + 1))) {
        expect(mermaid).toContain(name);
        expect(svg).toContain(name);
      }
  });
});

describe('the check that every SVG passes before it is written', () => {
  const box = (x: number, y: number) => ({ x, y, width: 20, height: 10 });

  it('finds labels that lie on each other or on a state, and lets neighbours be', () => {
    expect(overlaps([box(0, 0), box(0, 12)], [box(25, 0)])).toBe(0);
    expect(overlaps([box(0, 0), box(19, 9)], [])).toBe(1);
    expect(overlaps([box(0, 0)], [box(10, 0), box(0, 50)])).toBe(1);
  });
});

describe('text', () => {
  it('is measured as Helvetica is', () => {
    expect(widthOf('Wi', 1000)).toBe(944 + 222);
    expect(widthOf('Wi', 10, true)).toBeCloseTo(12.48, 2);
  });

  it('is broken at spaces, and never within a word', () => {
    expect(wrap('one two three', widthOf('one two', 10), 10)).toEqual(['one two', 'three']);
    expect(wrap('incomprehensibilities no', 5, 10)).toEqual(['incomprehensibilities', 'no']);
  });
});

/** The leaves that an arrow from this id stands for. */
function leavesOf(drawing: Drawing, any: readonly string[], id: string): readonly string[] {
  if (id === 'any') return any;
  return drawing.composites.find(({ path }) => idOf(path) === idOf(id))?.leaves ?? [id];
}

/** Reads the arrows back, one entry for each machine transition that an arrow stands for. */
function arrowsIn(mermaid: string, drawing: Drawing): string[] {
  const { any } = factor(drawing);
  const pathOf = new Map(drawing.leaves.map(({ path }) => [idOf(path), path]));
  const found: string[] = [];
  for (const line of mermaid.split('\n').filter((text) => text.includes('-->') && !text.includes('[*]'))) {
    const [, from = '', to = '', label = ''] = /^ {2}(\w+) --> (\w+) : (.+)$/.exec(line) ?? [];
    for (const part of label.split('<br/>')) {
      const [, event = '', within, effects] = /^(\w+)(?: \[in ([^\]]+)\])?(?: \/ (.+))?$/.exec(part) ?? [];
      const sources = within?.split(', ') ?? leavesOf(drawing, any, from).map((id) => pathOf.get(id) ?? id);
      for (const source of sources)
        found.push(told({ from: source, event, effects: effects?.split(', ') ?? [], to: pathOf.get(to) ?? to }));
    }
  }
  return found;
}
