// Who orders, spends and earns: tables `builds`, `spending` and `accounts`, summed over the horizon.
import type { Book } from './book';
import { say } from './say';

export interface Party {
  party: string;
  orders: number;
  income: number;
  capex: number;
  running: number;
  bought: number;
}

export interface Payment {
  payer: string;
  payee: string;
  item: string;
  amount: number;
}

export function parties(book: Book): Party[] {
  const all = new Map<string, Party>();
  const at = (party: string): Party => {
    let row = all.get(party);
    if (!row) all.set(party, (row = { party, orders: 0, income: 0, capex: 0, running: 0, bought: 0 }));
    return row;
  };
  for (const pay of payments(book)) {
    if (pay.payer) at(pay.payer).bought += pay.amount;
    if (pay.payee) at(pay.payee).income += pay.amount;
  }
  const spending = book.table('spending');
  if (spending) {
    const [party, capex] = [spending.text('party'), spending.number('capex')];
    const [fixed, variable] = [spending.number('fixed'), spending.number('variable')];
    for (let i = 0; i < spending.length; i++) {
      if (!party[i]) continue;
      const row = at(party[i]!);
      row.capex += capex[i]!;
      row.running += fixed[i]! + variable[i]!;
    }
  }
  for (const owner of book.table('builds')?.text('owner') ?? []) {
    if (owner) at(owner).orders += 1;
  }
  const size = (row: Party) => row.income + row.capex + row.running + row.bought;
  return [...all.values()].filter((row) => size(row) > 1).sort((a, b) => size(b) - size(a));
}

/** Payments between parties by item, the largest first. */
export function payments(book: Book): Payment[] {
  const accounts = book.table('accounts');
  if (!accounts) return [];
  const [payer, payee] = [accounts.text('payer'), accounts.text('payee')];
  const [item, amount] = [accounts.text('item'), accounts.number('amount')];
  const all = new Map<string, Payment>();
  for (let i = 0; i < accounts.length; i++) {
    const key = `${payer[i]}|${payee[i]}|${item[i]}`;
    const known = all.get(key);
    if (known) known.amount += amount[i]!;
    else all.set(key, { payer: payer[i]!, payee: payee[i]!, item: item[i]!, amount: amount[i]! });
  }
  return [...all.values()].sort((a, b) => b.amount - a.amount);
}

const items: Record<string, [string, string]> = {
  'HBM stacks': ['HBM stacks', 'HBM 스택'],
  'host memory': ['host memory', '호스트 메모리'],
  racks: ['racks', '랙'],
  electricity: ['electricity', '전력'],
  seats: ['seats', '좌석'],
  'seats, wholesale': ['seats, wholesale', '좌석(도매)'],
};

export function itemTitle(item: string): string {
  return Object.hasOwn(items, item) ? say(...items[item]!) : item;
}
