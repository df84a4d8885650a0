/** Below a picture that is selected: what is said of it, how wide it stands, and its going. */
import type { EditorView } from "prosemirror-view";
import { type RefObject, useLayoutEffect, useRef, useState } from "react";
import { composing } from "../../components/keys";
import type { PictureAttrs } from "../../editor/picture";
import { changePicture, removePicture } from "../../editor/pictures";
import "./picture.css";

interface Props {
  view: EditorView;
  /** Where the picture stands in the text. */
  at: number;
  attrs: PictureAttrs;
  /** What the bar stands in. */
  body: RefObject<HTMLElement | null>;
}

export function PictureBar({ view, at, attrs, body }: Props) {
  const bar = useRef<HTMLFormElement>(null);
  const [place, setPlace] = useState({ left: 0, top: 0 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another width or caption its end is elsewhere
  useLayoutEffect(() => {
    const picture = view.nodeDOM(at);
    const around = body.current;
    if (!(picture instanceof HTMLElement) || !around || !bar.current) return;
    const [seen, edge] = [picture.getBoundingClientRect(), around.getBoundingClientRect()];
    const room = edge.width - bar.current.offsetWidth - 16;
    const left = Math.max(16, Math.min(seen.left - edge.left, room));
    const top = seen.bottom - edge.top + around.scrollTop + 8;
    setPlace((old) => (old.left === left && old.top === top ? old : { left, top }));
  }, [view, at, attrs, body]);
  const change = (some: Partial<PictureAttrs>) => changePicture(view, at, some);
  return (
    <form
      ref={bar}
      className="picture-bar"
      aria-label="The picture"
      style={place}
      onPointerUp={(event) => event.stopPropagation()}
      onSubmit={(event) => {
        event.preventDefault();
        view.focus();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || composing(event.nativeEvent)) return;
        event.preventDefault();
        event.stopPropagation();
        view.focus();
      }}
    >
      <input
        type="text"
        dir="auto"
        aria-label="Description, for whoever does not see it"
        placeholder="Description"
        value={attrs.alt}
        onChange={(event) => change({ alt: event.target.value })}
      />
      <input
        type="text"
        dir="auto"
        aria-label="Caption"
        placeholder="Caption"
        value={attrs.caption}
        onChange={(event) => change({ caption: event.target.value })}
      />
      <div className="picture-choices">
        <button
          type="button"
          className="quiet"
          aria-pressed={attrs.fit === "half"}
          onClick={() => change({ fit: attrs.fit === "half" ? "text" : "half" })}
        >
          Half as wide
        </button>
        <button
          type="button"
          className="quiet"
          aria-pressed={attrs.cover}
          title="A book made of this page has it on its cover"
          onClick={() => change({ cover: !attrs.cover })}
        >
          Use as cover
        </button>
        <button
          type="button"
          className="quiet"
          onClick={() => {
            removePicture(view, at);
            view.focus();
          }}
        >
          Remove
        </button>
      </div>
    </form>
  );
}
