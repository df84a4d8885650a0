/** Finding in a page and replacing what is found, above it. */

import type { EditorView } from "prosemirror-view";
import { type KeyboardEvent, useEffect, useState } from "react";
import { Icon } from "../../components/Icon";
import { composing } from "../../components/keys";
import { plural } from "../../components/plural";
import { foundIn, LOOSELY, look, replaceAll, replaceOne, saidAround, step, troubleIn } from "../../editor/find";
import { FindOptions } from "./FindOptions";

interface Props {
  view: () => EditorView | null;
  /** Called before many places are changed at once. */
  onReplaceAll: () => Promise<void>;
  onClose: () => void;
}

const UNREADABLE =
  "This expression cannot be read. Look at its brackets, and at signs such as * + ?: one that means itself has a \\ before it.";
const ENDLESS = "This expression takes too long, so the search was ended. What was found until then is marked.";

export function FindBar({ view, onReplaceAll, onClose }: Props) {
  const [query, setQuery] = useState("");
  const [how, setHow] = useState(LOOSELY);
  const [instead, setInstead] = useState("");
  const [replacing, setReplacing] = useState(false);
  const [place, setPlace] = useState({ at: 0, of: 0 });
  /** What the footnote says in which the one stands that is looked at. */
  const [around, setAround] = useState("");
  /** How many were replaced, until something else is looked for. */
  const [done, setDone] = useState<number | null>(null);
  const search = (words: string, exactly: typeof how) => {
    setQuery(words);
    setHow(exactly);
    setDone(null);
    const editor = view();
    if (!editor) return;
    look(editor, words, exactly);
    arrive({ at: 0, of: foundIn(editor.state).length });
  };
  const arrive = (there: typeof place) => {
    setPlace(there);
    const editor = view();
    setAround(editor ? saidAround(editor.state) : "");
  };
  const go = (by: 1 | -1) => {
    const editor = view();
    if (editor) arrive(step(editor, by));
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
  const replace = () => {
    const editor = view();
    if (editor) arrive(replaceOne(editor, instead));
  };
  const everywhere = async () => {
    await onReplaceAll();
    const editor = view();
    if (!editor) return;
    setDone(replaceAll(editor, instead));
    arrive({ at: 0, of: foundIn(editor.state).length });
  };
  const pressed = (enter: (back: boolean) => void) => (event: KeyboardEvent) => {
    if (composing(event.nativeEvent)) return;
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && event.target instanceof HTMLInputElement && event.target.type !== "checkbox")
      enter(event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const { at, of } = place;
  const editor = view();
  const trouble = editor && query !== "" ? troubleIn(editor.state) : null;
  const said =
    query === "" ? "" : of === 0 ? "Not found" : at === 0 ? `${of.toLocaleString("en")} found` : `${at} of ${of}`;
  return (
    <div className="find-bar" role="search">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the fields in it */}
      <div className="find-line" onKeyDown={pressed((back) => go(back ? -1 : 1))}>
        <input
          autoFocus
          type="search"
          aria-label="Find in this page"
          placeholder="Find in this page"
          dir="auto"
          value={query}
          onChange={(event) => search(event.target.value, how)}
        />
        <span className="count" role="status">
          {done === null ? said : `${plural(done, "place")} replaced`}
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
        <button
          type="button"
          className="icon-button"
          aria-label="The next one"
          disabled={of === 0}
          onClick={() => go(1)}
        >
          <Icon name="right" />
        </button>
        <FindOptions how={how} onChange={(next) => search(query, next)} />
        <button type="button" className="quiet" aria-expanded={replacing} onClick={() => setReplacing(!replacing)}>
          Replace
        </button>
        <span className="spring" />
        <button type="button" className="icon-button" aria-label="Close the search" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      {trouble && (
        <p className="hint find-line" role="status">
          {trouble === "unreadable" ? UNREADABLE : ENDLESS}
        </p>
      )}
      {around !== "" && (
        <p className="hint find-line">
          In a footnote: <span dir="auto">{around}</span>
        </p>
      )}
      {replacing && (
        // biome-ignore lint/a11y/noStaticElementInteractions: keys of the field in it
        <div className="find-line" onKeyDown={pressed(replace)}>
          <input
            autoFocus
            type="text"
            aria-label="Put in its place"
            placeholder="Put in its place"
            dir="auto"
            value={instead}
            onChange={(event) => setInstead(event.target.value)}
          />
          <button type="button" className="quiet" disabled={of === 0} onClick={replace}>
            {at === 0 ? "Go to the first" : "Replace this one"}
          </button>
          <button
            type="button"
            className="quiet"
            disabled={of === 0 || trouble !== null}
            onClick={() => void everywhere()}
          >
            Replace all {of > 0 ? of.toLocaleString("en") : ""}
          </button>
        </div>
      )}
    </div>
  );
}
