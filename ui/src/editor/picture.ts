/** The node of a picture: which file of the library, and what is said of it. Its pixels come from the core alone. */
import type { Attrs, Node, NodeSpec } from "prosemirror-model";

export interface PictureAttrs {
  /** Named by what it holds. */
  file: string;
  width: number;
  height: number;
  /** For whoever does not see it. */
  alt: string;
  /** Below it. */
  caption: string;
  fit: "text" | "half";
  /** A book has it on its cover. */
  cover: boolean;
}

/** As long as the store takes it, whatever letters it is of. */
export const LONGEST_ALT = 1000;
export const LONGEST_CAPTION = 2000;
const LONGEST_EDGE = 20_000;
const FILE = /^[0-9a-f]{64}\.(png|jpg)$/;

function must(holds: boolean): void {
  if (!holds) throw new RangeError("No picture");
}

const isEdge = (edge: unknown) => Number.isInteger(edge) && (edge as number) >= 1 && (edge as number) <= LONGEST_EDGE;

function pictureOf(dom: HTMLElement): Attrs | false {
  const { picture = "", width, height, fit } = dom.dataset;
  const [across, down] = [Number(width), Number(height)];
  if (!FILE.test(picture) || !isEdge(across) || !isEdge(down)) return false;
  const alt = dom.querySelector("img")?.alt ?? "";
  const caption = dom.querySelector("figcaption")?.textContent ?? "";
  return {
    file: picture,
    width: across,
    height: down,
    alt: alt.slice(0, LONGEST_ALT),
    caption: caption.slice(0, LONGEST_CAPTION),
    fit: fit === "half" ? "half" : "text",
    cover: false,
  };
}

/** What stands for it where there are only letters. */
function inWords({ alt, caption }: PictureAttrs): string {
  return `${alt === "" ? "[Picture]" : `[Picture: ${alt}]`}${caption === "" ? "" : `\n${caption}`}`;
}

export function attrsOf(node: Node): PictureAttrs {
  return node.attrs as PictureAttrs;
}

export const picture: NodeSpec = {
  group: "block",
  draggable: true,
  attrs: {
    file: { validate: (file) => must(typeof file === "string" && FILE.test(file)) },
    width: { validate: (edge) => must(isEdge(edge)) },
    height: { validate: (edge) => must(isEdge(edge)) },
    alt: { default: "", validate: "string" },
    caption: { default: "", validate: "string" },
    fit: { default: "text", validate: (fit) => must(fit === "text" || fit === "half") },
    cover: { default: false, validate: "boolean" },
  },
  parseDOM: [{ tag: "figure[data-picture]", getAttrs: (dom) => pictureOf(dom as HTMLElement) }],
  // On the clipboard: no other program is told where the file lies.
  toDOM: (node) => {
    const { file, width, height, alt, caption, fit } = attrsOf(node);
    return [
      "figure",
      { "data-picture": file, "data-width": `${width}`, "data-height": `${height}`, "data-fit": fit },
      ["img", { alt }],
      ["figcaption", caption],
    ];
  },
  leafText: (node) => inWords(attrsOf(node)),
};
