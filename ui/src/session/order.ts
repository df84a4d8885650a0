/**
 * The order of what a project holds, pages and conversations in one, and what a move makes of it.
 * Conversations that nobody placed come behind all others, the newest first.
 */
import type { Backend, ConversationRow, OrderedView, PageRow } from "../backend/client";
import type { SessionStore } from "./store";

export type Held = OrderedView;
/** What is moved, or what it is put before. */
export type Which = Pick<Held, "kind" | "id">;

const same =
  ({ kind, id }: Which) =>
  (one: Which) =>
    one.kind === kind && one.id === id;

/** `rows`: newest first. */
export function heldBy(pages: readonly PageRow[], rows: readonly ConversationRow[]): Held[] {
  const talk = ({ id }: ConversationRow): Held => ({ kind: "conversation", id });
  const placed = [
    ...pages.map(({ id, part, position }) => ({ position, held: { kind: "page", id, part } as Held })),
    ...rows.flatMap((row) => (row.position === null ? [] : [{ position: row.position, held: talk(row) }])),
  ];
  const order = placed.sort((one, other) => one.position - other.position).map(({ held }) => held);
  return [...order, ...rows.filter(({ position }) => position === null).map(talk)];
}

/** One place up or down; over the edge of a group it goes into the next, or out of it. Null: no further. */
export function moved(order: readonly Held[], which: Which, by: 1 | -1): Held[] | null {
  const at = order.findIndex(same(which));
  const [one, other] = [order[at], order[at + by]];
  if (!one) return null;
  if (one.kind === "page") {
    const part = other?.kind === "page" ? other.part : other ? one.part : "";
    if (part !== one.part) return order.with(at, { ...one, part });
  }
  return other ? order.with(at, other).with(at + by, one) : null;
}

/** Right before another, and into its group; null: at the end. */
export function put(order: readonly Held[], which: Which, before: Which | null): Held[] | null {
  const one = order.find(same(which));
  const rest = order.filter((other) => other !== one);
  const at = before ? rest.findIndex(same(before)) : rest.length;
  if (!one || at < 0) return null;
  const [above, below] = [rest[at - 1], rest[at]];
  const part = below?.kind === "page" ? below.part : above?.kind === "page" ? above.part : "";
  return rest.toSpliced(at, 0, one.kind === "page" ? { ...one, part } : one);
}

/** A whole group, over its neighbour: another group, or what stands alone. Null: no further. */
export function partMoved(order: readonly Held[], part: string, by: 1 | -1): Held[] | null {
  const own = (one: Held) => one.kind === "page" && one.part === part;
  const blocks: Held[][] = [];
  let at = 0;
  for (const one of order) {
    const last = blocks.at(-1);
    const on = one.kind === "page" && one.part !== "" ? last?.[0] : undefined;
    if (own(one)) at ||= blocks.length;
    else if (last && one.kind === "page" && on?.kind === "page" && on.part === one.part) last.push(one);
    else blocks.push([one]);
  }
  const first = order.findIndex(own);
  const before = first <= 0 ? 0 : at;
  const to = before + by;
  if (to < 0 || to > blocks.length) return null;
  return blocks.toSpliced(to, 0, order.filter(own)).flat();
}

/** Behind the last page of that group; at its place, where it is the first of it. */
export function intoPart(order: readonly Held[], page: number, part: string): Held[] {
  const at = order.findIndex(same({ kind: "page", id: page }));
  const last = order.findLastIndex((one) => one.kind === "page" && one.part === part && one.id !== page);
  const one: Held = { kind: "page", id: page, part };
  if (part === "" || last < 0) return order.with(at, one);
  const rest = order.toSpliced(at, 1);
  return rest.toSpliced(last < at ? last + 1 : last, 0, one);
}

export class Order {
  #backend: Backend;
  #store: SessionStore;

  constructor(backend: Backend, store: SessionStore) {
    this.#backend = backend;
    this.#store = store;
  }

  /** What a project holds comes from one order into another; with a sentence there is a way back. */
  set = (project: number | null, was: readonly Held[], order: readonly Held[], said?: string): Promise<void> =>
    this.#store.attempt(async () => {
      const conversations = this.#store.state().library?.conversations ?? [];
      const loose = new Set(conversations.filter(({ position }) => position === null).map(({ id }) => id));
      // Conversations that nobody placed keep their order by time.
      const end = order.findLastIndex((one, at) => one.kind === "page" || !loose.has(one.id) || one.id !== was[at]?.id);
      const named = order.slice(0, end + 1);
      this.#show(named);
      await this.#backend.arrange(project, named);
      if (said) this.#store.notify(said, () => void this.set(project, order, was));
    });

  /** A page comes under another heading, behind those that stand there. */
  intoPart = (page: number, part: string): Promise<void> => {
    const { library } = this.#store.state();
    const project = library?.pages.find(({ id }) => id === page)?.project ?? null;
    const within = <T extends { project: number | null }>(rows: readonly T[] = []) =>
      rows.filter((row) => row.project === project);
    const order = heldBy(within(library?.pages), project === null ? [] : within(library?.conversations));
    return this.set(project, order, intoPart(order, page, part));
  };

  /** At once: the next key is for where it is by then. */
  #show(order: readonly Held[]): void {
    const { library } = this.#store.state();
    if (!library) return;
    const place = (kind: Held["kind"], id: number) => {
      const at = order.findIndex(same({ kind, id }));
      return at < 0 ? null : { position: at + 1, held: order[at] as Held };
    };
    const pages = library.pages.map((page) => {
      const to = place("page", page.id);
      return to?.held.kind === "page" ? { ...page, position: to.position, part: to.held.part } : page;
    });
    const conversations = library.conversations.map((row) => {
      const to = place("conversation", row.id);
      return to ? { ...row, position: to.position } : row;
    });
    pages.sort((one, other) => (one.project ?? 0) - (other.project ?? 0) || one.position - other.position);
    this.#store.set({ library: { ...library, pages, conversations } });
  }
}
