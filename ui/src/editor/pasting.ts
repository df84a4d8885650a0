/** What comes with pictures by the clipboard or a drop. Nothing is fetched: of a picture that lies elsewhere its alt text stays. */
import { Plugin } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { hidesSomething, picturesIn } from "../components/transfer";
import type { KeptPicture } from "./pictures";

/** How the page has pictures kept. */
export interface PictureHooks {
  /** Files that were pasted, or dropped at a place. */
  files: (files: File[], at?: number) => void;
  /** What the web view does not show of the clipboard. */
  hidden: () => void;
  /** One that stands in what was pasted, in base64; null where it is none. */
  inline: (base64: string) => Promise<KeptPicture | null>;
}

/** Of one paste. */
const MOST_INLINE = 100;
const INLINE = /^data:image\/(?:png|jpe?g|webp);base64,/i;

function parsed(html: string): Document {
  // Such a document runs and fetches nothing.
  return new DOMParser().parseFromString(html, "text/html");
}

/** What stands in it, to be pasted. */
function written({ body }: Document): string {
  const serializer = new XMLSerializer();
  return [...body.childNodes].map((one) => serializer.serializeToString(one)).join("");
}

function strangers(page: Document): HTMLImageElement[] {
  return [...page.querySelectorAll("img")].filter((one) => !one.closest("figure[data-picture]"));
}

/** The same with words for pictures that are none of ours. */
function withoutStrangers(html: string): string {
  if (!/<img/i.test(html)) return html;
  const page = parsed(html);
  for (const one of strangers(page)) one.replaceWith(one.alt.trim());
  return written(page);
}

/** A browser puts a picture with where it lies beside its pixels: those are no words. */
function hasWords(html: string): boolean {
  const { body } = parsed(html);
  return body.querySelector("[data-picture]") !== null || (body.textContent ?? "").trim() !== "";
}

function inlineIn(page: Document): HTMLImageElement[] {
  return strangers(page).filter(({ src }) => INLINE.test(src));
}

async function pasteWith(view: EditorView, page: Document, inline: PictureHooks["inline"]): Promise<void> {
  for (const one of inlineIn(page).slice(0, MOST_INLINE)) {
    const kept = await inline(one.src.replace(INLINE, ""));
    if (!kept) continue;
    const figure = page.createElement("figure");
    figure.dataset["picture"] = kept.file;
    figure.dataset["width"] = `${kept.width}`;
    figure.dataset["height"] = `${kept.height}`;
    const seen = page.createElement("img");
    seen.alt = one.alt;
    figure.append(seen);
    one.replaceWith(figure);
  }
  // The event names no clipboard: what is pasted is this.
  if (!view.isDestroyed) view.pasteHTML(written(page), new Event("paste") as ClipboardEvent);
}

export function pasting({ files, hidden, inline }: PictureHooks): Plugin {
  return new Plugin({
    props: {
      transformPastedHTML: withoutStrangers,
      handlePaste: (view, event, slice) => {
        const data = event.clipboardData as DataTransfer | null;
        if (!data) return false;
        const html = data.getData("text/html");
        // A word processor puts a picture of its words beside them: the words are what was meant.
        const words = html === "" ? slice.size > 0 : hasWords(html);
        const page = /<img[^>]+data:image/i.test(html) ? parsed(html) : null;
        if (page && inlineIn(page).length > 0) {
          void pasteWith(view, page, inline);
          return true;
        }
        const pictures = picturesIn(data);
        if (pictures.length > 0 && !words) {
          files(pictures);
          return true;
        }
        if (words || !hidesSomething(data)) return false;
        hidden();
        return true;
      },
      handleDrop: (view, event, _, moved) => {
        const pictures = event.dataTransfer && !moved ? picturesIn(event.dataTransfer) : [];
        if (pictures.length === 0) return false;
        files(pictures, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos);
        return true;
      },
    },
  });
}
