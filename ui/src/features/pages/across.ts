/** Several pages at once: read, looked through, changed, and changed back. */
import type { Node } from "prosemirror-model";
import { replacedIn } from "../../editor/across";
import type { How } from "../../editor/find";
import { read, written } from "../../editor/schema";
import { merge, spliceBetween, spliced } from "../../editor/sync";
import type { Session } from "../../session/session";

export interface Sheet {
  id: number;
  title: string;
  doc: Node;
}

/** What was done to one page. */
export interface Replaced {
  id: number;
  places: number;
  before: Node;
  after: Node;
}

/** Another window may write meanwhile: then it is read again, so many times. */
const TRIES = 5;

/** Those that are still there, in their order; `told` hears how many were read. */
export async function readAll(
  session: Session,
  ids: readonly number[],
  told: (done: number) => void,
  gone: () => boolean,
): Promise<Sheet[]> {
  await session.pages.flush();
  const sheets: Sheet[] = [];
  for (const id of ids) {
    if (gone()) return [];
    const page = await session.pages.read(id);
    if (page) sheets.push({ id, title: page.title, doc: read(page.document) });
    told(sheets.length);
  }
  return sheets;
}

/** Changes a page in the store; what `change` makes of it, or null where nothing changes. */
async function change(session: Session, id: number, make: (doc: Node) => Node | null): Promise<[Node, Node] | null> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const page = await session.pages.readNow(id);
    const before = read(page.document);
    const after = make(before);
    const splice = after && spliceBetween(before, after);
    if (!after || !splice) return null;
    const { from, remove, insert } = splice;
    const saved = await session.pages.save(id, page.revision, from, remove, written(insert));
    if (saved !== null) return [before, after];
  }
  return null;
}

/**
 * Replaces in all of these, after a version of each was taken; and how many pages could not be read or
 * saved, and are as they were. One of those takes nothing from what can be had back of the others.
 */
export async function replaceIn(
  session: Session,
  ids: readonly number[],
  query: string,
  how: How,
  text: string,
): Promise<{ all: Replaced[]; failed: number }> {
  await session.pages.flush();
  const all: Replaced[] = [];
  let failed = 0;
  for (const id of ids) {
    await session.pages.takeVersion(id, "working");
    let places = 0;
    try {
      const made = await change(session, id, (doc) => {
        const replaced = replacedIn(doc, query, how, text);
        places = replaced.places;
        return replaced.doc;
      });
      if (made) all.push({ id, places, before: made[0], after: made[1] });
    } catch {
      failed += 1;
    }
  }
  await session.pages.look();
  return { all, failed };
}

/** Takes it back where nobody wrote over it since; how many pages had to stay as they are. */
export async function undoIn(session: Session, all: readonly Replaced[]): Promise<number> {
  await session.pages.flush();
  let stayed = 0;
  for (const { id, before, after } of all) {
    await session.pages.takeVersion(id, "working");
    const made = await change(session, id, (doc) => {
      if (doc.eq(after)) return before;
      // What was written elsewhere on the page since stays.
      const { splice, both } = merge(after, doc, before);
      return both || !splice ? null : spliced(doc, splice);
    });
    if (!made) stayed += 1;
  }
  await session.pages.look();
  return stayed;
}
