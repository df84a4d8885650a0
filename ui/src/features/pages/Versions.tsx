/** Earlier versions of a page: what changed since, and the way back. */

import type { Node } from "prosemirror-model";
import type { EditorView } from "prosemirror-view";
import { useEffect, useState } from "react";
import type { Piece, Version, Why } from "../../backend/client";
import { Dialog } from "../../components/Dialog";
import { plural } from "../../components/plural";
import { when } from "../../components/when";
import { putBack } from "../../editor/editor";
import { read } from "../../editor/schema";
import { useSession } from "../../session/context";

const WHY: Record<Why, string> = {
  opened: "When it was opened",
  working: "While it was written",
  accepted: "Before a proposal was accepted",
  restored: "Before an earlier version came back",
  closed: "When it was closed",
  named: "Named",
};

interface Props {
  id: number;
  view: () => EditorView | null;
  /** An earlier one stands beside the page then; false where nothing differs. Absent while a model writes. */
  onParts: ((version: Node) => boolean) | undefined;
  onClose: () => void;
}

interface Chosen {
  id: number;
  /** What it is compared with; null: the page as it is. */
  later: number | null;
  pieces: Piece[];
  /** The page is the same in everything: its words, their looks, and what was said of them. */
  all: boolean;
}

export function Versions({ id, view, onParts, onClose }: Props) {
  const session = useSession();
  const [versions, setVersions] = useState<Version[] | null>(null);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [name, setName] = useState("");
  useEffect(() => {
    void session.pages
      .flush()
      .then(() => session.pages.versions(id))
      .then((read) => setVersions(read ?? []));
  }, [session, id]);
  const choose = async (version: number, later: number | null = null) => {
    const pieces = await session.pages.compare(version, later);
    const document = later === null ? await session.pages.version(version) : undefined;
    const editor = view();
    const all = document !== undefined && editor !== null && read(document).eq(editor.state.doc);
    if (pieces) setChosen({ id: version, later, pieces, all });
  };
  const parts = async () => {
    if (!chosen || !onParts) return;
    const document = await session.pages.version(chosen.id);
    if (document === undefined) return;
    onClose();
    onParts(read(document));
  };
  const restore = async () => {
    const editor = view();
    if (!chosen || !editor) return;
    const document = await session.pages.version(chosen.id);
    if (document === undefined) return;
    await session.pages.takeVersion(id, "restored");
    putBack(editor, read(document));
    await session.pages.flush();
    onClose();
  };
  const same = chosen?.pieces.every(({ change }) => change === "kept");
  return (
    <Dialog title="Versions of this page" onClose={onClose} wide>
      <form
        className="one-line"
        onSubmit={(event) => {
          event.preventDefault();
          void session.pages
            .nameVersion(id, name.trim())
            .then(() => session.pages.versions(id))
            .then((read) => {
              setVersions(read ?? []);
              setName("");
            });
        }}
      >
        <input
          aria-label="Name for the page as it is"
          placeholder="Keep it as it is now, as “First draft”"
          required
          dir="auto"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <button type="submit" className="quiet">
          Save
        </button>
      </form>
      {versions?.length === 0 && (
        <p className="hint">
          None yet. One is taken when a page is opened and closed, every ten minutes of work, and before a proposal is
          accepted.
        </p>
      )}
      <div className="versions">
        <ul className="lines">
          {versions?.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                className="line"
                aria-pressed={chosen?.id === one.id}
                onClick={() => void choose(one.id)}
              >
                <span dir="auto">{one.name ?? WHY[one.why]}</span>
                <span className="count">
                  {plural(one.words, "word")} · {when(one.at)}
                </span>
              </button>
            </li>
          ))}
        </ul>
        {chosen && (
          <section aria-label="What changed since" className="version-changes">
            <div className="version-actions">
              <label className="version-with">
                Compared with{" "}
                <select
                  value={chosen.later ?? ""}
                  onChange={(event) =>
                    void choose(chosen.id, event.target.value === "" ? null : Number(event.target.value))
                  }
                >
                  <option value="">the page as it is</option>
                  {versions
                    ?.filter((one) => one.id > chosen.id)
                    .map((one) => (
                      <option key={one.id} value={one.id}>
                        {one.name ?? WHY[one.why]}, {when(one.at)}
                      </option>
                    ))}
                </select>
              </label>
              <span className="hint">
                {!same
                  ? "Struck: gone since. Marked: written since."
                  : chosen.all || chosen.later !== null
                    ? "Both are the same."
                    : "The words are the same. Their looks or their comments are not."}
              </span>
              <span className="spring" />
              {chosen.later === null && onParts && (
                <button type="button" className="quiet" disabled={same} onClick={() => void parts()}>
                  Choose parts of it…
                </button>
              )}
              {chosen.later === null && (
                <button type="button" className="primary" disabled={chosen.all} onClick={() => void restore()}>
                  Bring this version back
                </button>
              )}
            </div>
            <div className="prose" dir="auto">
              {chosen.pieces.map(({ change, text }, at) =>
                change === "kept" ? (
                  <span key={at}>{text}</span>
                ) : change === "removed" ? (
                  <del key={at}>{text}</del>
                ) : (
                  <ins key={at}>{text}</ins>
                ),
              )}
            </div>
          </section>
        )}
      </div>
      <div className="dialog-actions">
        <button type="button" className="quiet" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
