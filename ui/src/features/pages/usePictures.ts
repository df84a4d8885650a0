/** Pictures that come onto the open page by its menu, or by a drop that the shell holds. */
import type { EditorView } from "prosemirror-view";
import { putPictures } from "../../editor/pictures";
import type { Session } from "../../session/session";

export function usePictures({ pages: { pictures } }: Session, page: number, view: () => EditorView | null) {
  /** Asks for files. */
  const add = async () => {
    const chosen = await pictures.choose(page);
    const opened = view();
    if (opened) putPictures(opened, chosen);
    opened?.focus();
  };
  /** True where other files wait. */
  const dropped = async () => {
    const taken = await pictures.dropped(page);
    const opened = view();
    if (opened) putPictures(opened, taken.pictures);
    return taken.rest;
  };
  return { add, dropped };
}
