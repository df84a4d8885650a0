/**
 * What a page can hold. The crate `manuscript` knows the same kinds and refuses all others: what is
 * added here is added there (`schema.rs`).
 */
import { type Attrs, type Mark, type Node, Schema } from "prosemirror-model";
import { picture } from "./picture";

/** How words that nobody typed here came. "typed" stands on the clipboard alone, never on a page. */
type How = "typed" | "pasted" | "imported" | "model_here" | "model_elsewhere";

export interface Origin {
  how: How;
  /** The model, where it was one. */
  who: string | null;
  /** Changed by the user since. */
  edited: boolean;
}

const HOWS: readonly string[] = ["typed", "pasted", "imported", "model_here", "model_elsewhere"];
/** Of who wrote words. */
export const LONGEST_NAME = 60;
const LONGEST_ADDRESS = 500;
const DEEPEST_HEADING = 4;

function headingOf(level: number) {
  return { tag: `h${level}`, attrs: { level: Math.min(level, DEEPEST_HEADING) } };
}

/** Where a link may lead: a web page or a letter, never anything that runs. */
export function leadsSomewhere(address: string): boolean {
  return address.length <= LONGEST_ADDRESS && /^(https?:\/\/|mailto:)/i.test(address);
}

/** As long as the store takes one. */
const LONGEST_NOTE = 8000;

function isNote(text: unknown): void {
  if (typeof text !== "string" || text === "" || text.length > LONGEST_NOTE) throw new RangeError("No footnote");
}

function noteOf(text: string): Attrs | false {
  const said = text.trim().slice(0, LONGEST_NOTE);
  return said !== "" && { text: said };
}

/** What says this at the foot of the page; null for nothing. */
export function footnote(text: string): Node | null {
  const attrs = noteOf(text);
  return attrs ? schema.nodes.footnote.create(attrs) : null;
}

/** What somebody said of a stretch of text. */
export interface Comment {
  id: string;
  /** Null: the user. */
  author: string | null;
  /** Milliseconds since 1970; null where nobody knows. */
  at: number | null;
  text: string;
  resolved: boolean;
}

/** On the same words. */
export const MOST_COMMENTS = 20;
/** In bytes, so that the store takes it. */
export const LONGEST_COMMENT = 6000;

/** What was said of words that were copied last: on the clipboard their comments have signs alone. */
export const copied = new Map<string, Comment>();

function commentOf(dom: HTMLElement): Attrs | false {
  const known = copied.get(dom.dataset["comment"] ?? "");
  return known !== undefined && { ...known };
}

function isTextOf(longest: number): (value: unknown) => void {
  return (value) => {
    if (typeof value !== "string" || value === "" || value.length > longest) throw new RangeError("No comment");
  };
}

function originOf(dom: HTMLElement): Attrs | false {
  const { how = "", who, edited } = dom.dataset;
  if (!HOWS.includes(how)) return false;
  return { how, who: who === undefined ? null : who.slice(0, LONGEST_NAME), edited: edited === "true" };
}

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { group: "block", content: "inline*", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
    heading: {
      group: "block",
      content: "inline*",
      attrs: { level: { default: 1, validate: "number" } },
      defining: true,
      parseDOM: [1, 2, 3, 4, 5, 6].map(headingOf),
      toDOM: ({ attrs }) => [`h${attrs["level"] as number}`, 0],
    },
    blockquote: {
      group: "block",
      content: "block+",
      defining: true,
      parseDOM: [{ tag: "blockquote" }],
      toDOM: () => ["blockquote", 0],
    },
    bullet_list: { group: "block", content: "list_item+", parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
    ordered_list: {
      group: "block",
      content: "list_item+",
      attrs: { order: { default: 1, validate: "number" } },
      parseDOM: [
        {
          tag: "ol",
          getAttrs: (dom) => ({
            order: Math.min(Math.max(Math.trunc((dom as HTMLOListElement).start || 1), 0), 999_999),
          }),
        },
      ],
      toDOM: ({ attrs }) => ["ol", { start: attrs["order"] as number }, 0],
    },
    list_item: { content: "paragraph block*", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
    code_block: {
      group: "block",
      content: "text*",
      marks: "origin comment",
      code: true,
      defining: true,
      parseDOM: [{ tag: "pre", preserveWhitespace: "full" }],
      toDOM: () => ["pre", ["code", 0]],
    },
    scene_break: { group: "block", parseDOM: [{ tag: "hr" }], toDOM: () => ["hr"] },
    picture,
    text: { group: "inline" },
    footnote: {
      group: "inline",
      inline: true,
      atom: true,
      attrs: { text: { validate: isNote } },
      parseDOM: [
        {
          tag: "sup[data-note]",
          getAttrs: (dom) => noteOf((dom as HTMLElement).dataset["note"] ?? ""),
        },
      ],
      toDOM: ({ attrs }) => {
        const text = attrs["text"] as string;
        return ["sup", { class: "footnote", "data-note": text, title: text, role: "note", "aria-label": text }];
      },
    },
    hard_break: { group: "inline", inline: true, selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
  },
  marks: {
    // A plain word that is typed behind such words is the user's own.
    origin: {
      inclusive: false,
      attrs: {
        how: { validate: "string" },
        who: { default: null, validate: "string|null" },
        edited: { default: false, validate: "boolean" },
      },
      parseDOM: [{ tag: "span[data-how]", getAttrs: (dom) => originOf(dom as HTMLElement) }],
      toDOM: ({ attrs }) => ["span", said(attrs as Origin), 0],
    },
    link: {
      inclusive: false,
      attrs: { href: { validate: "string" } },
      parseDOM: [
        {
          tag: "a[href]",
          getAttrs: (dom) => {
            const href = (dom as HTMLElement).getAttribute("href") ?? "";
            return leadsSomewhere(href) && { href };
          },
        },
      ],
      toDOM: ({ attrs }) => ["a", { href: attrs["href"] as string, rel: "noreferrer" }, 0],
    },
    em: {
      parseDOM: [
        { tag: "i" },
        { tag: "em" },
        { style: "font-style=italic" },
        { style: "font-style=normal", clearMark: (mark) => mark.type.name === "em" },
      ],
      toDOM: () => ["em", 0],
    },
    strong: {
      parseDOM: [
        { tag: "strong" },
        // Google Docs wraps all that it copies into a <b> that is not bold.
        { tag: "b", getAttrs: (dom) => (dom as HTMLElement).style.fontWeight !== "normal" && null },
        { style: "font-weight=400", clearMark: (mark) => mark.type.name === "strong" },
        { style: "font-weight", getAttrs: (value) => /^(bold(er)?|[6-9]\d{2})$/.test(value as string) && null },
      ],
      toDOM: () => ["strong", 0],
    },
    strike: {
      parseDOM: [{ tag: "s" }, { tag: "del" }, { tag: "strike" }, { style: "text-decoration=line-through" }],
      toDOM: () => ["s", 0],
    },
    code: { parseDOM: [{ tag: "code" }], toDOM: () => ["code", 0] },
    comment: {
      inclusive: false,
      // Words may carry several.
      excludes: "",
      attrs: {
        id: { validate: isTextOf(40) },
        author: { default: null, validate: "string|null" },
        at: { default: null, validate: "number|null" },
        text: { validate: isTextOf(LONGEST_COMMENT) },
        resolved: { default: false, validate: "boolean" },
      },
      parseDOM: [{ tag: "mark[data-comment]", getAttrs: (dom) => commentOf(dom as HTMLElement) }],
      toDOM: ({ attrs }) => [
        "mark",
        { class: attrs["resolved"] === true ? "comment resolved" : "comment", "data-comment": attrs["id"] as string },
        0,
      ],
    },
  },
});

function said({ how, who, edited }: Origin): Record<string, string> {
  return {
    class: "origin",
    "data-how": how,
    ...(who === null ? {} : { "data-who": who }),
    ...(edited ? { "data-edited": "true" } : {}),
  };
}

export function originIn(marks: readonly Mark[]): Mark | undefined {
  return marks.find(({ type }) => type === schema.marks.origin);
}

export function origin(attrs: Origin): Mark {
  return schema.marks.origin.create(attrs);
}

/** A page that was read; what this schema does not hold is an error, and nothing is shown of it. */
export function read(json: string): Node {
  const node = schema.nodeFromJSON(JSON.parse(json));
  node.check();
  return node;
}

/** Its blocks as the store takes them. */
export function written(blocks: readonly Node[]): string {
  return JSON.stringify(blocks.map((block) => block.toJSON() as unknown));
}
