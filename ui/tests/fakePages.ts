/** Pages as the store keeps them: a change to an old revision is refused. */
import {
  type AskView,
  type Backend,
  type CloudChoice,
  type ImportedView,
  type ImportFrom,
  type ImportProgress,
  type OpenPage,
  type OrderedView,
  type PagePictures,
  type PageRow,
  type Piece,
  type ProposalEvent,
  type Sheet,
  type Totals,
  TroubleError,
  type Version,
  type Way,
} from "../src/backend/client";

type Note = <T>(name: keyof Backend, result: (...args: never[]) => T) => never;

export class FakePages {
  #pages = new Map<number, OpenPage>();
  /** As the user last put them. */
  order: OrderedView[] = [];
  versions: Version[] = [];
  pieces: Piece[] = [];
  /** Of any version. */
  versionDocument = JSON.stringify({
    type: "doc",
    content: [{ type: "paragraph", content: [{ type: "text", text: "As it was" }] }],
  });
  imported: ImportedView | null = null;
  /** Hears how far an import is. */
  importing: ((progress: ImportProgress) => void) | null = null;
  importEnded: (() => void) | null = null;
  totals: Totals = { typed: 0, pasted: 0, imported: 0, modelHere: 0, modelElsewhere: 0, edited: 0 };
  /** What would leave, were a proposal made elsewhere. */
  sheet: Sheet | null = null;
  own: { id: number; name: string; words: string }[] = [];
  /** What the proposal under way hears, and what ends it. */
  heard: ((event: ProposalEvent) => void) | null = null;
  ended: (() => void) | null = null;

  /** What the next one that is taken in becomes; a trouble in its place. */
  picture = { file: `${"a".repeat(64)}.png`, width: 640, height: 480 };
  noPicture: string | null = null;
  /** A picture was dropped, and no other file. */
  dropsPicture = false;
  lost = new Set<string>();

  #taken(some: boolean): PagePictures {
    const troubles = some && this.noPicture !== null ? [this.noPicture] : [];
    const pictures = some && troubles.length === 0 ? [this.picture] : [];
    return { pictures, troubles, rest: !some };
  }

  put(id: number, blocks: object[], more: Partial<OpenPage> = {}): void {
    const document = JSON.stringify({ type: "doc", content: blocks });
    this.#pages.set(id, {
      id,
      project: null,
      title: "",
      language: "en",
      revision: 0,
      document,
      handsOff: false,
      ...more,
    });
  }

  get rows(): PageRow[] {
    const placed = ({ id }: OpenPage, nth: number) => {
      const at = this.order.findIndex((one) => one.kind === "page" && one.id === id);
      const one = this.order[at];
      return { position: at < 0 ? 100 + nth : at + 1, part: one?.kind === "page" ? one.part : "" };
    };
    const rows = [...this.#pages.values()].map((page, nth) => ({
      id: page.id,
      project: page.project,
      title: page.title,
      ...placed(page, nth),
      goal: 0,
      words: 2,
      updatedAt: 0,
    }));
    return rows.sort((one, other) => one.position - other.position);
  }

  find(id: number): OpenPage {
    const page = this.#pages.get(id);
    if (!page) throw new TroubleError("notFound", "This is no longer here.");
    return page;
  }

  /** The text of each block, as it is stored. */
  texts(id: number): string[] {
    const { content } = JSON.parse(this.find(id).document) as { content: { content?: { text?: string }[] }[] };
    return content.map((block) => (block.content ?? []).map(({ text = "" }) => text).join(""));
  }

  save(id: number, base: number, from: number, remove: number, blocks: string): number {
    const page = this.find(id);
    if (page.revision !== base) throw new TroubleError("stale", "This page was changed in another window.");
    const document = JSON.parse(page.document) as { content: unknown[] };
    document.content.splice(from, remove, ...(JSON.parse(blocks) as unknown[]));
    this.#pages.set(id, { ...page, revision: base + 1, document: JSON.stringify(document) });
    return base + 1;
  }

  backend(note: Note) {
    const change = (id: number, more: Partial<OpenPage>) => void this.#pages.set(id, { ...this.find(id), ...more });
    return {
      createPage: note("createPage", (project: number | null, title: string) => {
        const id = 600 + this.#pages.size;
        this.put(id, [{ type: "paragraph" }], { project, title });
        return { ...this.find(id) };
      }),
      readPage: note("readPage", (id: number) => ({ ...this.find(id) })),
      savePage: note("savePage", (...args: [number, number, number, number, string]) => this.save(...args)),
      renamePage: note("renamePage", (id: number, title: string) => change(id, { title })),
      movePage: note("movePage", (id: number, project: number | null) => change(id, { project })),
      setPageLanguage: note("setPageLanguage", () => {}),
      setPageGoal: note("setPageGoal", () => {}),
      splitPage: note("splitPage", (id: number, base: number, at: number, title: string) => {
        const page = this.find(id);
        if (page.revision !== base) throw new TroubleError("stale", "This page was changed in another window.");
        const document = JSON.parse(page.document) as { content: object[] };
        const made = 600 + this.#pages.size;
        this.put(made, document.content.splice(at), { project: page.project, title });
        this.#pages.set(id, { ...page, revision: base + 1, document: JSON.stringify(document) });
        return made;
      }),
      mergePage: note("mergePage", (id: number, base: number) => {
        const page = this.find(id);
        if (page.revision !== base) throw new TroubleError("stale", "This page was changed in another window.");
        const all = [...this.#pages.values()].filter((one) => one.project === page.project);
        const next = all[all.indexOf(page) + 1];
        if (!next) throw new TroubleError("notFound", "This is no longer here.");
        const blocks = (JSON.parse(next.document) as { content: object[] }).content;
        const whole = JSON.parse(page.document) as { content: object[] };
        whole.content.push(...blocks);
        this.#pages.delete(next.id);
        this.#pages.set(id, { ...page, revision: base + 1, document: JSON.stringify(whole) });
        return base + 1;
      }),
      duplicatePage: note("duplicatePage", (id: number, title: string) => {
        const page = this.find(id);
        const made = 600 + this.#pages.size;
        this.put(made, (JSON.parse(page.document) as { content: object[] }).content, { project: page.project, title });
        return made;
      }),
      pageCommands: note("pageCommands", () => [...this.own]),
      addPageCommand: note("addPageCommand", (_: number | null, name: string, words: string) => {
        this.own.push({ id: this.own.length + 1, name, words });
      }),
      removePageCommand: note("removePageCommand", (id: number) => {
        this.own = this.own.filter((one) => one.id !== id);
      }),
      checkSpelling: note("checkSpelling", () => {}),
      projectTotals: note("projectTotals", () => this.totals),
      arrange: note("arrange", (_: number | null, order: OrderedView[]) => {
        this.order = order;
      }),
      setHandsOff: note("setHandsOff", () => {}),
      searchPages: note("searchPages", () => []),
      proposalSheet: note("proposalSheet", (...[, , , out]: [number, AskView, CloudChoice, string[]]) => {
        const parts = this.sheet?.parts.map((part) => ({ ...part, included: !out.includes(part.key) })) ?? [];
        return this.sheet && { ...this.sheet, parts };
      }),
      propose: note("propose", (_: number, __: AskView, ___: Way, heard: (event: ProposalEvent) => void) => {
        this.heard = heard;
        return new Promise<void>((resolve) => (this.ended = resolve));
      }),
      stopProposal: note("stopProposal", () => {}),
      takeVersion: note("takeVersion", () => {}),
      versions: note("versions", () => this.versions),
      versionDocument: note("versionDocument", () => this.versionDocument),
      compareVersion: note("compareVersion", () => this.pieces),
      pageTotals: note("pageTotals", () => this.totals),
      exportPage: note("exportPage", (): string | null => "/home/me/Page.md"),
      choosePagePictures: note("choosePagePictures", () => this.#taken(true)),
      pastePagePicture: note("pastePagePicture", () => this.#taken(true)),
      pastePageClipboard: note("pastePageClipboard", () => this.#taken(true)),
      takePagePictures: note("takePagePictures", () => this.#taken(this.dropsPicture)),
      pagePicture: note("pagePicture", (file: string) => {
        if (this.lost.has(file)) throw new TroubleError("other", "This picture's file is gone.");
        return "data:image/png;base64,AA==";
      }),
      exportPages: note("exportPages", (): string | null => "/home/me/Road.docx"),
      importFiles: note(
        "importFiles",
        (_: ImportFrom, __: number | null, heard: (progress: ImportProgress) => void) => {
          this.importing = heard;
          return new Promise<ImportedView | null>((resolve) => {
            this.importEnded = () => resolve(this.imported);
          });
        },
      ),
      stopImport: note("stopImport", () => this.importEnded?.()),
      pageFromConversation: note("pageFromConversation", () => {
        this.put(700, [{ type: "paragraph" }], { title: "Opening lines" });
        return { ...this.find(700) };
      }),
    };
  }
}
