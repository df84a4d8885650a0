/** Finding and replacing through several pages of which only some have an editor. */
import type { Node } from "prosemirror-model";
import { Selection } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { placesIn } from "../../editor/across";
import {
  foundIn,
  goesOn,
  type How,
  LOOSELY,
  look,
  replaceHere,
  saidAround,
  step,
  type Trouble,
  troubleIn,
} from "../../editor/find";
import type { Editors } from "./editors";
import type { At, Finding } from "./finding";

/** The pages as they are at the moment. */
interface Through {
  ids: readonly number[];
  /** The one with the caret. */
  active: number;
  /** Of a page without an editor, as far as it was read. */
  docOf: (id: number) => Node | undefined;
  replace: (ids: readonly number[], query: string, how: How, text: string) => Promise<number>;
}

interface Places {
  count: number;
  trouble: Trouble | null;
}

const NONE: Places = { count: 0, trouble: null };

export class GroupFinding implements Finding {
  #editors: Editors;
  #through: () => Through;
  #query = "";
  #how = LOOSELY;
  /** In documents that nobody changed since. */
  #known = new WeakMap<Node, Places>();

  constructor(editors: Editors, through: () => Through) {
    this.#editors = editors;
    this.#through = through;
  }

  look = (query: string, how: How): number => {
    [this.#query, this.#how, this.#known] = [query, how, new WeakMap()];
    this.#editors.search(query, how);
    return this.#all();
  };

  step = async (by: 1 | -1): Promise<At> => {
    const { ids, active } = this.#through();
    if (this.#all() === 0) return { at: 0, of: 0 };
    const view = this.#editors.of(active);
    if (view && goesOn(view.state, by)) return this.#arrived(active, step(view, by));
    // None of this one is looked at any more.
    if (view) look(view, this.#query, this.#how);
    // Round and round: where no other page has one it is this one again.
    let nth = ids.indexOf(active);
    do nth = (nth + by + ids.length) % ids.length;
    while (this.#in(ids[nth]).count === 0);
    const next = ids[nth] as number;
    const opened = await this.#editors.bring(next);
    toEdge(opened, by > 0 ? "start" : "end");
    return this.#arrived(next, step(opened, by));
  };

  around = (): string => {
    const view = this.#editors.of(this.#through().active);
    return view ? saidAround(view.state) : "";
  };

  trouble = (): Trouble | null =>
    this.#through()
      .ids.map((id) => this.#in(id).trouble)
      .find(Boolean) ?? null;

  replaceOne = async (text: string): Promise<At> => {
    const { active } = this.#through();
    const view = this.#editors.of(active);
    const replaced = view && replaceHere(view, text);
    if (!view || !replaced) return this.step(1);
    if (goesOn(view.state, 1, replaced.behind)) return this.#arrived(active, step(view, 1, replaced.behind));
    toEdge(view, "end");
    return this.step(1);
  };

  replaceAll = (text: string): Promise<number> => {
    const { ids, replace } = this.#through();
    return replace(
      ids.filter((id) => this.#in(id).count > 0),
      this.#query,
      this.#how,
      text,
    );
  };

  focus = (): void => this.#editors.of(this.#through().active)?.focus();

  #arrived(id: number, { at }: At): At {
    const { ids } = this.#through();
    const before = ids.slice(0, ids.indexOf(id)).reduce((sum, one) => sum + this.#in(one).count, 0);
    return { at: before + at, of: this.#all() };
  }

  #all(): number {
    return this.#through().ids.reduce((sum, id) => sum + this.#in(id).count, 0);
  }

  #in(id: number | undefined): Places {
    const view = id === undefined ? null : this.#editors.of(id);
    if (view) return { count: foundIn(view.state).length, trouble: troubleIn(view.state) };
    const doc = id === undefined ? undefined : this.#through().docOf(id);
    if (!doc || this.#query === "") return NONE;
    const known = this.#known.get(doc);
    if (known) return known;
    const { places, trouble } = placesIn(doc, this.#query, this.#how);
    const here = { count: places.length, trouble };
    this.#known.set(doc, here);
    return here;
  }
}

function toEdge(view: EditorView, edge: "start" | "end"): void {
  const { doc, tr } = view.state;
  view.dispatch(tr.setSelection(edge === "start" ? Selection.atStart(doc) : Selection.atEnd(doc)));
}
