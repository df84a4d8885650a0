/** Finding in a page, above it. */

import type { EditorView } from "prosemirror-view";
import { useEffect, useState } from "react";
import { Icon } from "../../components/Icon";
import { composing } from "../../components/keys";
import { foundIn, look, step } from "../../editor/find";

export function FindBar({ view, onClose }: { view: () => EditorView | null; onClose: () => void }) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const [of, setOf] = useState(0);
  const go = (by: 1 | -1) => {
    const editor = view();
    if (!editor) return;
    const now = step(editor, by);
    setAt(now.at);
    setOf(now.of);
  };
  useEffect(
    () => () => {
      const editor = view();
      if (editor) look(editor, "");
    },
    [view],
  );
  const close = () => {
    onClose();
    view()?.focus();
  };
  return (
    <div
      className="find-bar"
      role="search"
      onKeyDown={(event) => {
        if (composing(event.nativeEvent)) return;
        if (event.key === "Escape") close();
        else if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <input
        autoFocus
        type="search"
        aria-label="Find in this page"
        placeholder="Find in this page"
        dir="auto"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          const editor = view();
          if (!editor) return;
          look(editor, event.target.value);
          setAt(0);
          setOf(foundIn(editor.state).length);
        }}
      />
      <span className="count" role="status">
        {query === "" ? "" : of === 0 ? "Not found" : at === 0 ? `${of} found` : `${at} of ${of}`}
      </span>
      <button
        type="button"
        className="icon-button"
        aria-label="The one before"
        disabled={of === 0}
        onClick={() => go(-1)}
      >
        <Icon name="left" />
      </button>
      <button type="button" className="icon-button" aria-label="The next one" disabled={of === 0} onClick={() => go(1)}>
        <Icon name="right" />
      </button>
      <button type="button" className="icon-button" aria-label="Close the search" onClick={close}>
        <Icon name="close" />
      </button>
    </div>
  );
}
