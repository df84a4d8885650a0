/** A proposal from its asking to its end: beside the passage, and never in the page by itself. */

import type { EditorView } from "prosemirror-view";
import { useCallback, useEffect, useRef, useState } from "react";
import type { AskView, Made } from "../../backend/client";
import { markdownOf } from "../../editor/markdown";
import { accept, begin, discard, finish, proposalIn } from "../../editor/proposals";
import type { Session } from "../../session/session";

export interface Asked {
  /** While it is being written. */
  writing: boolean;
  /** What the model is doing before it writes. */
  step: string;
  /** Who wrote it, once that is known. */
  made: Made | null;
  trouble: string | null;
  shortened: boolean;
  ask: AskView;
}

/** More than this around a passage would not be read anyway. */
const AROUND = 8000;

export function useProposal(session: Session, id: number, view: () => EditorView | null) {
  const [asked, setAsked] = useState<Asked | null>(null);
  /** Tells one asking from the next: what comes late is not heard. */
  const turn = useRef(0);
  const writing = useRef(false);

  const send = useCallback(
    async (from: number, to: number, ask: AskView) => {
      const editor = view();
      if (!editor || writing.current) return;
      const mine = ++turn.current;
      writing.current = true;
      const { dom } = begin(editor, from, to);
      setAsked({ writing: true, step: "Waking the model…", made: null, trouble: null, shortened: false, ask });
      let text = "";
      let over = false;
      const change = (more: Partial<Asked>) => turn.current === mine && setAsked((old) => old && { ...old, ...more });
      await session.pages.ask(id, ask, (event) => {
        if (turn.current !== mine) return;
        if (event.type === "text") {
          text += event.text;
          dom.textContent = text;
          change({ step: "Writing…" });
        } else if (event.type === "reading") change({ step: "Reading…" });
        else if (event.type === "finished") {
          over = true;
          writing.current = false;
          const { made, trouble, shortened } = event;
          const editor = view();
          if (editor && event.text !== "") finish(editor, event.text);
          else if (editor) discard(editor);
          if (event.text === "" && trouble === null) setAsked(null);
          else change({ writing: false, step: "", made, trouble, shortened });
        }
      });
      if (over || turn.current !== mine) return;
      // It could not be asked: the sentence is on show.
      writing.current = false;
      const left = view();
      if (left) discard(left);
      setAsked(null);
    },
    [session, id, view],
  );

  const start = (command: AskView["command"], words = "") => {
    const editor = view();
    if (!editor) return;
    const { doc, selection } = editor.state;
    const go = command === "continue";
    const from = go ? selection.to : selection.from;
    const { to } = selection;
    if (!go && from === to) return;
    const before = markdownOf(doc.slice(Math.max(0, from - AROUND), from));
    const after = markdownOf(doc.slice(to, Math.min(doc.content.size, to + AROUND)));
    void send(from, to, {
      command,
      words,
      text: go ? "" : markdownOf(doc.slice(from, to)),
      before,
      after,
      proposal: null,
    });
  };

  /** The same passage once more: as asked before, or, with words, from what was proposed. */
  const again = (words: string) => {
    const editor = view();
    const proposal = editor && proposalIn(editor.state);
    if (!proposal || !asked) return;
    const made =
      proposal.text !== null && words !== "" ? { command: "own" as const, words, proposal: proposal.text } : {};
    const text = asked.ask.command === "continue" && words !== "" ? (proposal.text ?? "") : asked.ask.text;
    void send(proposal.from, proposal.to, { ...asked.ask, text, ...made });
  };

  const take = async () => {
    const editor = view();
    if (!editor || !asked?.made) return;
    await session.pages.flush();
    await session.pages.takeVersion(id, "accepted");
    if (accept(editor, asked.made)) setAsked(null);
    editor.focus();
  };

  const stop = () => session.pages.stop(id);

  const drop = () => {
    turn.current += 1;
    if (writing.current) stop();
    writing.current = false;
    setAsked(null);
    const editor = view();
    if (!editor) return;
    discard(editor);
    editor.focus();
  };

  // Nobody is there any more to take it.
  useEffect(
    () => () => {
      turn.current += 1;
      if (writing.current) session.pages.stop(id);
    },
    [session, id],
  );

  return { asked, start, again, take, stop, drop };
}
