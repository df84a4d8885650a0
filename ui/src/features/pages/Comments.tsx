/** What was said of the page: in the margin where there is room, else below, the one that is looked at. */
import type { EditorView } from "prosemirror-view";
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { Dialog } from "../../components/Dialog";
import { Icon } from "../../components/Icon";
import { when } from "../../components/when";
import type { Placed } from "../../editor/comments";
import { LONGEST_COMMENT } from "../../editor/schema";
import type { Comments as Of } from "./useComments";
import "./comments.css";

interface Props {
  of: Of;
  view: () => EditorView | null;
  /** What scrolls. */
  body: RefObject<HTMLElement | null>;
  /** Of several pages: where the one that is looked at stands below all, if this page has the caret. */
  foot?: HTMLElement | null | undefined;
}

const NARROWEST = 200;
const WIDEST = 300;
const GAP = 24;
const BETWEEN = 8;

interface Margin {
  left: number;
  width: number;
}

export function Comments({ of, view, body, foot }: Props) {
  const { shown, chosen, writing } = of;
  const list = useRef<HTMLUListElement>(null);
  const [margin, setMargin] = useState<Margin | null>(null);
  /** Each stands beside its words, or below the one before. */
  const place = useCallback(() => {
    const [editor, around] = [view(), body.current];
    if (!editor || !around || shown.length === 0) return;
    const [page, text] = [around.getBoundingClientRect(), editor.dom.getBoundingClientRect()];
    const width = Math.min(WIDEST, page.right - text.right - GAP - 16);
    const left = text.right - page.left + GAP;
    setMargin((old) => (width < NARROWEST ? null : old?.left === left && old.width === width ? old : { left, width }));
    let free = 0;
    for (const [nth, card] of [...(list.current?.children ?? [])].entries()) {
      const one = shown[nth];
      if (!one || !(card instanceof HTMLElement)) continue;
      const there = editor.coordsAtPos(Math.min(one.from, editor.state.doc.content.size)).top;
      const top = Math.max(free, there - page.top + around.scrollTop);
      card.style.top = `${top}px`;
      free = top + card.offsetHeight + BETWEEN;
    }
  }, [shown, view, body]);
  useLayoutEffect(place);
  useEffect(() => {
    const editor = view();
    if (!editor || !body.current) return;
    const watch = new ResizeObserver(() => place());
    watch.observe(editor.dom);
    watch.observe(body.current);
    return () => watch.disconnect();
  }, [view, body, place]);
  const below = !margin && chosen && (
    <aside className="comment-card comment-below" aria-label="Comment">
      <Card comment={chosen} of={of} chosen />
    </aside>
  );
  return (
    <>
      {margin && shown.length > 0 && (
        <aside className="comments" aria-label="Comments" style={margin}>
          <ul ref={list}>
            {shown.map((one) => (
              <li key={one.id} className="comment-card" data-chosen={one.id === chosen?.id || undefined}>
                <Card comment={one} of={of} chosen={one.id === chosen?.id} />
              </li>
            ))}
          </ul>
        </aside>
      )}
      {foot === undefined ? below : foot && below && createPortal(below, foot)}
      {writing && <Writing of={of} comment={writing.comment} />}
    </>
  );
}

function Card({ comment, of, chosen }: { comment: Placed; of: Of; chosen: boolean }) {
  const { author, at, text, resolved } = comment;
  const who = (
    <span className="comment-who">
      <b>{author ?? "You"}</b>
      {at !== null && <span className="count"> {when(at)}</span>}
      {resolved && <span className="count"> Resolved</span>}
    </span>
  );
  const words = (
    <span className="comment-says" dir="auto">
      {text}
    </span>
  );
  if (!chosen)
    return (
      <button type="button" className="comment-look" onClick={() => of.look(comment)}>
        {who}
        {words}
      </button>
    );
  return (
    <>
      {who}
      {words}
      <div className="comment-actions">
        <button type="button" className="quiet" onClick={() => of.settle(comment)}>
          {resolved ? "Reopen" : "Resolve"}
        </button>
        <button type="button" className="quiet" onClick={() => of.edit(comment)}>
          Edit
        </button>
        <button type="button" className="quiet" onClick={() => of.remove(comment)}>
          Delete
        </button>
        {of.shown.length > 1 && (
          <span className="comment-steps">
            <button type="button" className="icon-button" aria-label="Comment before" onClick={() => of.step(-1)}>
              <Icon name="left" />
            </button>
            <button type="button" className="icon-button" aria-label="Next comment" onClick={() => of.step(1)}>
              <Icon name="right" />
            </button>
          </span>
        )}
      </div>
    </>
  );
}

function Writing({ of, comment }: { of: Of; comment: Placed | null }) {
  const [words, setWords] = useState(comment?.text ?? "");
  return (
    <Dialog title="Comment" onClose={of.leave}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          of.keep(words);
        }}
      >
        <div className="field">
          <label htmlFor="comment-text">What you want to say</label>
          <textarea
            id="comment-text"
            data-first=""
            dir="auto"
            rows={4}
            maxLength={LONGEST_COMMENT}
            value={words}
            onChange={(event) => setWords(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || words.trim() === "") return;
              event.preventDefault();
              of.keep(words);
            }}
          />
        </div>
        <div className="dialog-actions">
          <button type="button" className="quiet" onClick={of.leave}>
            Cancel
          </button>
          <span className="spring" />
          <button type="submit" className="primary" disabled={words.trim() === ""}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}
