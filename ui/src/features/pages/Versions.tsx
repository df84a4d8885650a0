/** Earlier versions of a page: what changed since, and the way back. */

import type { EditorView } from "prosemirror-view";
import { useEffect, useState } from "react";
import type { PieceView, VersionView, WhyView } from "../../backend/client";
import { Dialog } from "../../components/Dialog";
import { plural } from "../../components/plural";
import { when } from "../../components/when";
import { putBack } from "../../editor/editor";
import { read } from "../../editor/schema";
import { useSession } from "../../session/context";

const WHY: Record<WhyView, string> = {
  opened: "When it was opened",
  working: "While it was written",
  accepted: "Before a proposal was accepted",
  restored: "Before an earlier version came back",
  closed: "When it was closed",
  named: "Named",
};

export function Versions({ id, view, onClose }: { id: number; view: () => EditorView | null; onClose: () => void }) {
  const session = useSession();
  const [versions, setVersions] = useState<VersionView[] | null>(null);
  const [chosen, setChosen] = useState<{ id: number; pieces: PieceView[] } | null>(null);
  const [name, setName] = useState("");
  useEffect(() => {
    void session.pages
      .flush()
      .then(() => session.pages.versions(id))
      .then((read) => setVersions(read ?? []));
  }, [session, id]);
  const choose = async (version: number) => {
    const pieces = await session.pages.compare(version);
    if (pieces) setChosen({ id: version, pieces });
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
          Keep
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
              <button type="button" className="primary" disabled={same} onClick={() => void restore()}>
                Bring this version back
              </button>
              <span className="hint">
                {same ? "The page is the same now." : "Struck: gone since. Marked: written since."}
              </span>
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
