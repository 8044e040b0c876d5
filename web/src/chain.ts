// What binds along the chain from wafer to site, by the nodes of the flow picture.
import type { Book } from './book';
import { bindings } from './facts';
import { fabNode, siteNode, type Detail } from './flow';
import { say } from './say';

export interface ChainBinding {
  /** Node of the flow picture; empty where it stands for a whole stage. */
  node: string;
  /** Index in `stageTitles`. */
  stage: number;
  title: string;
  /** Of all that binds in the year, by worth times quantity. */
  weight: number;
}

/** The stages, in the order in which the picture has them from left to right. */
export const stageTitles = (): string[] => [
  say('Fabs', '팹'),
  say('Wafers and dies', '웨이퍼와 다이'),
  say('Stacks', '스택'),
  say('Packages', '패키징'),
  say('Racks', '랙'),
  say('Sites', '센터'),
];

/** Where a capacity, process or good stands in the chain: node and stage, or nothing where it is none of it. */
function placeInChain(book: Book, name: string, detail: Detail): { node: string; stage: number } | undefined {
  const [whole = '', where = ''] = name.split('@');
  // what is in the works at the start stands where it comes out
  const head = whole.replace(/^backlog_/, '');
  const thing = /^(fab|die|dram|stack|package|accelerator|assemble|rack)_(.+)$/.exec(head);
  const [kind, rest] = [thing?.[1] ?? '', thing?.[2] ?? ''];
  if (head === 'wspm' || head === 'tsv') return { node: fabNode(book, where, detail), stage: 0 };
  if (kind === 'fab' || kind === 'die' || kind === 'dram') return { node: `product:${rest}`, stage: 1 };
  if (kind === 'stack') return { node: `stack:${rest}`, stage: 2 };
  if (kind === 'package' || kind === 'accelerator') return { node: `accelerator:${rest}`, stage: 3 };
  if (head === 'interposer') return { node: '', stage: 3 };
  if (kind === 'assemble' || kind === 'rack') return { node: `rack:${rest}`, stage: 4 };
  if (/^(hall|hull|connection|supply|import|plant|battery|buy|slots|dock)(_|$)/.test(head))
    return { node: siteNode(book, where, detail), stage: 5 };
  // of products in the works: their name alone
  return whole !== head ? { node: `product:${head}`, stage: 1 } : undefined;
}

/** What binds in a year and stands in the chain, the heaviest first. */
export function chainBindings(book: Book, year: string, detail: Detail): ChainBinding[] {
  return bindings(book)
    .filter((each) => each.year === year && each.weight > 0)
    .flatMap((each) => {
      const at = placeInChain(book, each.name, detail);
      return at ? [{ ...at, title: book.names.thing(each.name), weight: each.weight }] : [];
    })
    .sort((a, b) => b.weight - a.weight);
}

/** Weights by node of the picture. */
export function markedNodes(all: ChainBinding[]): Map<string, number> {
  const out = new Map<string, number>();
  for (const each of all) if (each.node) out.set(each.node, (out.get(each.node) ?? 0) + each.weight);
  return out;
}
