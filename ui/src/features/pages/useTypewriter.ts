/** The line that is written stays in the middle of the page. */
import type { EditorView } from "prosemirror-view";
import { type RefObject, useEffect } from "react";

export function useTypewriter(on: boolean, view: () => EditorView | null, body: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const place = body.current;
    if (!on || !place) return;
    let waiting = 0;
    const centre = () => {
      waiting = 0;
      const editor = view();
      if (!editor?.state.selection.empty) return;
      const { top, height } = place.getBoundingClientRect();
      place.scrollTop += editor.coordsAtPos(editor.state.selection.head).top - top - height * 0.45;
    };
    // By keys alone: what is pressed with a mouse stays under it.
    const soon = () => {
      waiting ||= requestAnimationFrame(centre);
    };
    place.addEventListener("keyup", soon);
    place.addEventListener("input", soon);
    return () => {
      cancelAnimationFrame(waiting);
      place.removeEventListener("keyup", soon);
      place.removeEventListener("input", soon);
    };
  }, [on, view, body]);
}
