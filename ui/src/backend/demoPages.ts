/** Pages for looking at them in a browser. */
import { type Backend, type OpenPage, type OrderedView, TroubleError } from "./client";
import { PICTURE } from "./demoContent";

const text = (words: string, ...marks: object[]) => ({
  type: "text",
  text: words,
  ...(marks.length > 0 ? { marks } : {}),
});
const by = (how: string, who: string | null = null, edited = false) => ({
  type: "origin",
  attrs: { how, who, edited },
});
const said = (id: string, author: string | null, words: string) => ({
  type: "comment",
  attrs: { id, author, at: 1_795_714_800_000, text: words, resolved: false },
});

const DOCUMENT = JSON.stringify({
  type: "doc",
  content: [
    { type: "heading", attrs: { level: 2 }, content: [text("The road")] },
    {
      type: "paragraph",
      content: [
        text("It was late, and the road was "),
        text("long", { type: "em" }),
        text(" and "),
        text("white with salt", said("a", "Ann Okafor", "Lovely. Could it come back at the end of the chapter?")),
        text(". "),
        text(
          "The keeper counted her steps by the lamps, and there were fewer lamps than steps.",
          by("model_here", "Ministral 3 3B"),
        ),
      ],
    },
    { type: "paragraph", content: [text("She had left the lighthouse burning. Nobody had asked her to.")] },
    { type: "scene_break" },
    {
      type: "paragraph",
      content: [text("“You walk as if somebody were waiting,” said the man with the mule.", by("pasted"))],
    },
    { type: "blockquote", content: [{ type: "paragraph", content: [text("Salt keeps what it touches.")] }] },
  ],
});

const kept = async () => ({
  pictures: [{ file: `${"0".repeat(64)}.png`, width: 1200, height: 800 }],
  troubles: [],
  rest: false,
});

type PageCalls = Pick<
  Backend,
  | "createPage"
  | "readPage"
  | "savePage"
  | "renamePage"
  | "movePage"
  | "arrange"
  | "setHandsOff"
  | "searchPages"
  | "propose"
  | "stopProposal"
  | "takeVersion"
  | "versions"
  | "versionDocument"
  | "compareVersion"
  | "pageTotals"
  | "setPageLanguage"
  | "setPageGoal"
  | "splitPage"
  | "mergePage"
  | "duplicatePage"
  | "pageCommands"
  | "addPageCommand"
  | "removePageCommand"
  | "checkSpelling"
  | "projectTotals"
  | "exportPage"
  | "exportPages"
  | "choosePagePictures"
  | "pastePagePicture"
  | "pastePageClipboard"
  | "takePagePictures"
  | "pagePicture"
  | "importFiles"
  | "stopImport"
  | "pageFromConversation"
>;

export function demoPages(next: () => number, empty: boolean) {
  const made = (id: number, title: string, project: number | null, document: string): OpenPage => ({
    id,
    title,
    project,
    document,
    language: "en",
    revision: 0,
    handsOff: false,
  });
  const pages: OpenPage[] = empty
    ? []
    : [
        made(501, "The Salt Road, one", 1, DOCUMENT),
        made(502, "The Salt Road, two", 1, DOCUMENT),
        made(503, "", 1, DOCUMENT),
      ];
  let order: OrderedView[] = pages.map(({ id }) => ({ kind: "page", id, part: "Part I" }));
  const written = new Map<number, number>();
  const own = empty ? [] : [{ id: 1, name: "Angrier", words: "Make her angrier" }];
  let stopped = false;
  const find = (id: number) => {
    const page = pages.find((one) => one.id === id);
    if (!page) throw new TroubleError("notFound", "This page is not here any more.");
    return page;
  };
  const change = (id: number, more: Partial<OpenPage>) => Object.assign(find(id), more);
  const backend: PageCalls = {
    createPage: async (project, title) => {
      const page = made(next(), title, project, JSON.stringify({ type: "doc", content: [{ type: "paragraph" }] }));
      pages.push(page);
      return { ...page };
    },
    readPage: async (id) => ({ ...find(id) }),
    savePage: async (id, base, from, remove, blocks) => {
      const page = find(id);
      if (page.revision !== base) throw new TroubleError("stale", "");
      const document = JSON.parse(page.document) as { content: unknown[] };
      document.content.splice(from, remove, ...(JSON.parse(blocks) as unknown[]));
      change(id, { revision: base + 1, document: JSON.stringify(document) });
      written.set(id, Date.now());
      return base + 1;
    },
    renamePage: async (id, title) => void change(id, { title }),
    setPageLanguage: async (id, language) => void change(id, { language }),
    setPageGoal: async () => {},
    splitPage: async (id, _, at, title) => {
      const page = find(id);
      const document = JSON.parse(page.document) as { type: string; content: unknown[] };
      const rest = document.content.splice(at);
      change(id, { revision: page.revision + 1, document: JSON.stringify(document) });
      const split = made(next(), title, page.project, JSON.stringify({ type: "doc", content: rest }));
      pages.splice(pages.indexOf(page) + 1, 0, split);
      return split.id;
    },
    mergePage: async (id) => find(id).revision,
    duplicatePage: async (id, title) => {
      const page = find(id);
      const same = made(next(), title, page.project, page.document);
      pages.splice(pages.indexOf(page) + 1, 0, same);
      return same.id;
    },
    pageCommands: async () => own,
    addPageCommand: async (_, name, words) => void own.push({ id: next(), name, words }),
    removePageCommand: async (id) => void own.splice(0, own.length, ...own.filter((one) => one.id !== id)),
    checkSpelling: async () => {},
    projectTotals: async () => ({ typed: 90, pasted: 12, imported: 0, modelHere: 30, modelElsewhere: 0, edited: 4 }),
    movePage: async (id, project) => void change(id, { project }),
    arrange: async (_, placed) => {
      order = placed;
    },
    setHandsOff: async () => {},
    searchPages: async () => [],
    propose: async (_, ask, way, heard) => {
      stopped = false;
      const words =
        ask.command === "continue"
          ? "Behind her, the light turned once, and went on turning."
          : ask.text
              .replace(/\blong\b/, "endless")
              .replace(/\bvery \b|\breally \b/g, "")
              .replace("counted her steps by the lamps", "measured the way in lamps");
      const counted = (part: "notes" | "title" | "before" | "passage" | "after", given: string) => {
        const size = given.split(/\s+/).filter(Boolean).length;
        return size === 0 ? [] : [{ part, words: ask.without.includes(part) ? 0 : size, of: size }];
      };
      heard({
        type: "given",
        parts: [...counted("before", ask.before), ...counted("passage", ask.text), ...counted("after", ask.after)],
      });
      let text = "";
      for (const word of words.split(/(?<=\s)/)) {
        if (stopped) break;
        text += word;
        heard({ type: "text", text: word });
        await new Promise((done) => setTimeout(done, 60));
      }
      heard({
        type: "finished",
        text: text.trim(),
        made: {
          place: way.once ? "cloud" : "device",
          provider: way.once?.provider ?? null,
          model: way.once?.model ?? "Ministral 3 3B",
          backend: null,
          tokens: null,
          tokensPerSecond: null,
          cost: null,
        },
        stopped,
        shortened: false,
        trouble: null,
        page: null,
      });
    },
    stopProposal: async () => {
      stopped = true;
    },
    takeVersion: async () => {},
    versions: async () => [
      { id: 2, page: 501, at: Date.now() - 6e5, name: null, why: "working", words: 71 },
      { id: 1, page: 501, at: Date.now() - 9e7, name: "First draft", why: "named", words: 52 },
    ],
    versionDocument: async () => DOCUMENT,
    compareVersion: async () => [
      { change: "kept", text: "It was late, and the road was " },
      { change: "removed", text: "very " },
      { change: "kept", text: "long" },
      { change: "added", text: " and white with salt" },
      { change: "kept", text: "." },
    ],
    pageTotals: async () => ({ typed: 40, pasted: 12, imported: 0, modelHere: 19, modelElsewhere: 0, edited: 2 }),
    exportPage: async (_, form) => `/home/marit/Documents/The Salt Road.${form}`,
    choosePagePictures: kept,
    pastePagePicture: kept,
    pastePageClipboard: async () => ({ pictures: [], troubles: [], rest: false }),
    takePagePictures: async () => ({ pictures: [], troubles: [], rest: false }),
    pagePicture: async () => PICTURE,
    exportPages: async (_, __, form) => `/home/marit/Documents/The Salt Road.${form}`,
    importFiles: async () => null,
    stopImport: async () => {},
    pageFromConversation: async () => backend.createPage(null, "Opening lines"),
  };
  const placed = (id: number) => {
    const at = order.findIndex((one) => one.kind === "page" && one.id === id);
    const one = order[at];
    return { position: at < 0 ? id : at + 1, part: one?.kind === "page" ? one.part : "" };
  };
  const count = (document: string) => document.split(/\s+/).length;
  return {
    backend,
    rows: () =>
      pages
        .map(({ id, project, title, document }) => ({
          ...{ id, project, title, ...placed(id), goal: 0 },
          ...{ words: count(document), updatedAt: written.get(id) ?? 0 },
        }))
        .sort((one, other) => one.position - other.position),
  };
}
