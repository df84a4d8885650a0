/** A proposal from its asking to its end: beside the passage, and never in the page by itself. */

import type { EditorView } from "prosemirror-view";
import { useCallback, useEffect, useRef, useState } from "react";
import type { AskView, GivenView, Made, PartView } from "../../backend/client";
import { passageOf } from "../../editor/changes";
import { markdownOf } from "../../editor/markdown";
import { accept, begin, discard, proposalIn, show } from "../../editor/proposals";
import type { Session } from "../../session/session";

/** One of several answers to the same. */
export interface Alternative {
  text: string;
  /** Who wrote it. */
  made: Made;
}

export interface Asked {
  /** While one is being written. */
  writing: boolean;
  /** What the model is doing before it writes. */
  step: string;
  alternatives: readonly Alternative[];
  /** The one that is on show. */
  at: number;
  /** How many were asked for at once, how many of those are there, and how many are still to come. */
  count: number;
  made: number;
  more: number;
  /** What the model was given for it. */
  given: readonly GivenView[];
  trouble: string | null;
  shortened: boolean;
  ask: AskView;
}

/** What should be done, in the user's words where it needs some. */
export interface Wish {
  command: AskView["command"];
  words?: string;
  /** How many answers, one after the other. */
  count?: number;
}

/** More than this around a passage would not be read anyway. */
const AROUND = 8000;
/** Where it begins moves on by as much at a time: what the model has read then stays the beginning. */
const STRIDE = 4000;

export function useProposal(session: Session, id: number, view: () => EditorView | null) {
  const [asked, setAsked] = useState<Asked | null>(null);
  /** Tells one asking from the next: what comes late is not heard. */
  const turn = useRef(0);
  const writing = useRef(false);
  const [without, setWithout] = useState<readonly PartView[]>([]);
  const leftOut = useRef(without);
  leftOut.current = without;
  const stopping = useRef(false);
  /** Counts the answers, so that no two are drawn alike. */
  const drawn = useRef(0);

  /** Has it written once; what came of it. */
  const write = useCallback(
    async (ask: AskView, mine: number, dom: HTMLElement | null): Promise<Alternative | null> => {
      const change = (more: Partial<Asked>) => turn.current === mine && setAsked((old) => old && { ...old, ...more });
      let text = "";
      let made: Alternative | null = null;
      let stopped = true;
      await session.pages.ask(id, { ...ask, without: [...leftOut.current], variant: drawn.current++ }, (event) => {
        if (turn.current !== mine) return;
        if (event.type === "text") {
          text += event.text;
          if (dom) dom.textContent = text;
          change({ step: "Writing…" });
        } else if (event.type === "given") change({ given: event.parts });
        else if (event.type === "reading") change({ step: "Reading…" });
        else if (event.type === "finished") {
          const { trouble, shortened } = event;
          ({ stopped } = event);
          if (event.text !== "") made = { text: event.text, made: event.made };
          change({ trouble, shortened });
        }
      });
      if (stopped) change({ more: 0 });
      return made;
    },
    [session, id],
  );

  const send = useCallback(
    async (from: number, to: number, ask: AskView, count: number, earlier: readonly Alternative[]) => {
      const editor = view();
      if (!editor || writing.current) return;
      const mine = ++turn.current;
      const heard = () => turn.current === mine;
      writing.current = true;
      // What was proposed before stays on show meanwhile.
      const dom = earlier.length > 0 ? null : begin(editor, from, to).dom;
      const first = { writing: true, step: "Waking the model…", trouble: null, shortened: false };
      setAsked({
        ...first,
        alternatives: earlier,
        at: Math.max(0, earlier.length - 1),
        count,
        made: 0,
        more: count - 1,
        given: [],
        ask,
      });
      let alternatives = earlier;
      let left = count;
      while (left > 0 && heard()) {
        left -= 1;
        const made = await write(ask, mine, alternatives.length > 0 ? null : dom);
        if (!heard()) return;
        if (!made) break;
        alternatives = [...alternatives, made];
        const now = view();
        // The first is shown as it comes, and so is what was asked for by itself.
        const shows = alternatives.length === earlier.length + 1 && now && proposalIn(now.state);
        if (shows) present(now, made);
        const [all, at] = [alternatives, alternatives.length - 1];
        setAsked(
          (old) =>
            old && {
              ...old,
              alternatives: all,
              at: shows ? at : old.at,
              made: all.length - earlier.length,
              more: left,
              step: "Writing…",
            },
        );
        // Esc ends all of them.
        if (stopping.current) break;
      }
      if (!heard()) return;
      writing.current = false;
      stopping.current = false;
      const editorNow = view();
      if (alternatives.length === 0 && editorNow) discard(editorNow);
      // A sentence stays on show; else there is nothing to decide on.
      setAsked(
        (old) => old && (alternatives.length > 0 || old.trouble ? { ...old, writing: false, step: "", more: 0 } : null),
      );
    },
    [view, write],
  );

  const around = (editor: EditorView, from: number, to: number) => {
    const { doc } = editor.state;
    return {
      before: markdownOf(doc.slice(Math.max(0, Math.floor((from - AROUND) / STRIDE) * STRIDE), from)),
      after: markdownOf(doc.slice(to, Math.min(doc.content.size, to + AROUND))),
    };
  };

  const start = ({ command, words = "", count = 1 }: Wish) => {
    const editor = view();
    if (!editor || writing.current) return;
    const { doc, selection } = editor.state;
    const go = command === "continue";
    const place = go ? { from: selection.to, to: selection.to } : passageOf(doc, selection.from, selection.to);
    if (!place) return;
    const { from, to } = place;
    const text = go ? "" : markdownOf(doc.slice(from, to));
    const ask = { command, words, text, ...around(editor, from, to), proposal: null, without: [], variant: 0 };
    void send(from, to, ask, count, []);
  };

  /** Once more: as asked before, or, with words, from what is on show. */
  const again = (words: string, count = 1) => {
    const editor = view();
    const proposal = editor && proposalIn(editor.state);
    if (!proposal || !asked) return;
    const { from, to, touched } = proposal;
    const now = from < to ? markdownOf(editor.state.doc.slice(from, to)) : "";
    const ask = { ...asked.ask, ...around(editor, from, to), text: now };
    // It was made for words that stand there no more.
    if (touched) return void send(from, to, { ...ask, proposal: null }, count, []);
    const on = asked.alternatives[asked.at];
    const made = on && words !== "" ? { command: "own" as const, words, proposal: on.text } : {};
    const text = now === "" && words !== "" ? (on?.text ?? "") : now;
    void send(from, to, { ...ask, text, ...made }, count, asked.alternatives);
  };

  /** Another of the answers. */
  const step = (by: 1 | -1) => {
    const editor = view();
    if (!editor || !asked) return;
    const at = Math.max(0, Math.min(asked.at + by, asked.alternatives.length - 1));
    const other = asked.alternatives[at];
    if (other && at !== asked.at && !proposalIn(editor.state)?.touched) present(editor, other);
    setAsked({ ...asked, at });
  };

  /** Nothing is left to decide: what is still being written is not wanted any more. */
  const over = useCallback(() => {
    turn.current += 1;
    if (writing.current) session.pages.stop(id);
    writing.current = false;
    stopping.current = false;
    setAsked(null);
  }, [session, id]);

  /** Before a model's words come onto the page, what stands there is kept as a version. */
  const take = async (how: (editor: EditorView) => boolean) => {
    const editor = view();
    if (!editor || !asked || asked.alternatives.length === 0) return;
    await session.pages.flush();
    await session.pages.takeVersion(id, "accepted");
    how(editor);
    editor.focus();
  };

  const stop = () => {
    stopping.current = writing.current;
    session.pages.stop(id);
  };

  const drop = () => {
    over();
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

  return { asked, without, setWithout, start, again, step, take, takeAll: () => take(accept), stop, drop, over };
}

function present(editor: EditorView, { text, made }: Alternative): void {
  const how = made.place === "device" ? "model_here" : "model_elsewhere";
  show(editor, text, { how, who: made.model, edited: false });
}
