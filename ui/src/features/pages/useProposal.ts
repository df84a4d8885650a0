/** A proposal from its asking to its end: beside the passage, and never in the page by itself. */

import type { Node } from "prosemirror-model";
import type { EditorView } from "prosemirror-view";
import { useCallback, useEffect, useRef, useState } from "react";
import type { AskView, Given, Made, PassagePart, ProposalEvent, Sheet, Way } from "../../backend/client";
import { passageOf } from "../../editor/changes";
import { markdownOf } from "../../editor/markdown";
import { accept, begin, discard, look, proposalIn, show, showPage } from "../../editor/proposals";
import { LONGEST_NAME } from "../../editor/schema";
import type { Elsewhere } from "../../session/pages";
import type { Session } from "../../session/session";
import type { Outgoing } from "../../session/state";

/** One of several answers to the same. */
export interface Alternative {
  text: string;
  /** Which model wrote it; null: it is an earlier version of the page. */
  made: Made | null;
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
  given: readonly Given[];
  trouble: string | null;
  /** Where that can be mended. */
  mends: string | null;
  shortened: boolean;
  /** Null where it is an earlier version. */
  ask: AskView | null;
}

/** What should be done, in the user's words where it needs some. */
export interface Wish {
  command: AskView["command"];
  words?: string;
  /** How many answers, one after the other. */
  count?: number;
  /** Somebody else than this computer proposes it, this once. */
  elsewhere?: boolean;
}

/** What is asked for, and of whom. */
interface Sending {
  /** The page, as it was then. */
  doc: Node;
  from: number;
  to: number;
  ask: AskView;
  count: number;
  /** What was proposed before, and stays to choose from. */
  earlier: readonly Alternative[];
  /** Absent: on this computer. */
  way?: Way | undefined;
}

/** What nobody was asked for here is there whole. */
const WHOLE = {
  ...{ writing: false, step: "", trouble: null, mends: null, shortened: false, given: [], ask: null },
  ...{ at: 0, count: 1, made: 1, more: 0 },
};

const CHANGED = "This page has changed since you asked, so nothing was sent. Ask once more?";

/** More than this around a passage would not be read anyway. */
const AROUND = 8000;
/** Where it begins moves on by as much at a time: what the model has read then stays the beginning. */
const STRIDE = 4000;

export function useProposal(session: Session, id: number, view: () => EditorView | null) {
  const [asked, setAsked] = useState<Asked | null>(null);
  /** Tells one asking from the next: what comes late is not heard. */
  const turn = useRef(0);
  const writing = useRef(false);
  const [without, setWithout] = useState<readonly PassagePart[]>([]);
  const leftOut = useRef(without);
  leftOut.current = without;
  const stopping = useRef(false);
  /** Counts the answers, so that no two are drawn alike. */
  const drawn = useRef(0);

  /** Has it written once; what came of it. */
  const write = useCallback(
    async (ask: AskView, mine: number, dom: HTMLElement | null, elsewhere?: Elsewhere): Promise<Alternative | null> => {
      const change = (more: Partial<Asked>) => turn.current === mine && setAsked((old) => old && { ...old, ...more });
      let text = "";
      let made: Alternative | null = null;
      let stopped = true;
      const heard = (event: ProposalEvent) => {
        if (turn.current !== mine) return;
        if (event.type === "text") {
          text += event.text;
          if (dom) dom.textContent = text;
          change({ step: "Writing…" });
        } else if (event.type === "given") change({ given: event.parts });
        else if (event.type === "reading") change({ step: "Reading…" });
        else if (event.type === "finished") {
          const { trouble, shortened, page: mends } = event;
          ({ stopped } = event);
          if (event.text !== "") made = { text: event.text, made: event.made };
          change({ trouble, shortened, mends });
        }
      };
      // What the user agreed to is sent as they saw it.
      const asked = elsewhere ? ask : { ...ask, without: [...leftOut.current], variant: drawn.current++ };
      await session.pages.ask(id, asked, heard, elsewhere);
      if (stopped) change({ more: 0 });
      return made;
    },
    [session, id],
  );

  const send = async (sending: Sending) => {
    const { from, to, ask, count, earlier, way } = sending;
    const editor = view();
    if (!editor || writing.current) return;
    const asking = { alternatives: earlier, at: Math.max(0, earlier.length - 1), count, made: 0, given: [], ask };
    const calm = { writing: false, step: "", trouble: null, mends: null, shortened: false };
    // While the user looked at what would leave, another window wrote here.
    if (sending.doc !== editor.state.doc) return setAsked({ ...asking, ...calm, more: 0, trouble: CHANGED });
    const mine = ++turn.current;
    const heard = () => turn.current === mine;
    writing.current = true;
    // What was proposed before stays on show meanwhile.
    const dom = earlier.length > 0 ? null : begin(editor, from, to).dom;
    const elsewhere = way && {
      way,
      refused: (sheet: Sheet) => session.asking.changed(leaving(sending), way.once, sheet),
    };
    setAsked({ ...asking, ...calm, writing: true, step: "Asking…", more: count - 1 });
    let alternatives = earlier;
    let left = count;
    while (left > 0 && heard()) {
      left -= 1;
      const made = await write(ask, mine, alternatives.length > 0 ? null : dom, elsewhere);
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
  };

  /** What waits for the user's yes, and goes when they gave it. */
  const leaving = (sending: Sending): Outgoing & { for: "proposal" } => ({
    for: "proposal",
    page: id,
    ask: sending.ask,
    go: (way) => void send({ ...sending, way }),
  });

  /** Here at once; elsewhere after the user saw where to, and what. */
  const ask = (sending: Sending, elsewhere = false) => {
    if (!elsewhere) return void send(sending);
    const { ask } = sending;
    const whole = { ...ask, without: [...leftOut.current], variant: drawn.current++ };
    session.cloud.choose(leaving({ ...sending, ask: whole, count: 1 }));
  };

  const around = (editor: EditorView, from: number, to: number) => {
    const { doc } = editor.state;
    return {
      before: markdownOf(doc.slice(Math.max(0, Math.floor((from - AROUND) / STRIDE) * STRIDE), from)),
      after: markdownOf(doc.slice(to, Math.min(doc.content.size, to + AROUND))),
    };
  };

  const start = ({ command, words = "", count = 1, elsewhere = false }: Wish) => {
    const editor = view();
    if (!editor || writing.current) return;
    const { doc, selection } = editor.state;
    const go = command === "continue";
    const place = go ? { from: selection.to, to: selection.to } : passageOf(doc, selection.from, selection.to);
    if (!place) return;
    const { from, to } = place;
    const text = go ? "" : markdownOf(doc.slice(from, to));
    const made = { command, words, text, ...around(editor, from, to), proposal: null, without: [], variant: 0 };
    ask({ doc, from, to, ask: made, count, earlier: [] }, elsewhere);
  };

  /** Once more: as asked before, or, with words, from what is on show. */
  const again = (words: string, elsewhere = false) => {
    const editor = view();
    const proposal = editor && proposalIn(editor.state);
    if (!proposal || !asked?.ask) return;
    const { from, to, touched } = proposal;
    const now = from < to ? markdownOf(editor.state.doc.slice(from, to)) : "";
    const same = { ...asked.ask, ...around(editor, from, to), text: now };
    const place = { doc: editor.state.doc, from, to, count: 1 };
    // It was made for words that stand there no more.
    if (touched) return ask({ ...place, ask: { ...same, proposal: null }, earlier: [] }, elsewhere);
    const on = asked.alternatives[asked.at];
    const made = on && words !== "" ? { command: "own" as const, words, proposal: on.text } : {};
    const text = now === "" && words !== "" ? (on?.text ?? "") : now;
    ask({ ...place, ask: { ...same, text, ...made }, earlier: asked.alternatives }, elsewhere);
  };

  /** An earlier version stands beside the page, as what would change; false where nothing would. */
  const bring = (version: Node): boolean => {
    const editor = view();
    if (!editor || writing.current || !showPage(editor, version)) return false;
    turn.current += 1;
    setAsked({ ...WHOLE, alternatives: [{ text: "", made: null }] });
    look(editor, 0);
    return true;
  };

  /** What a model wrote elsewhere in the app is proposed at the caret; false where something waits already. */
  const offer = (text: string, made: Made): boolean => {
    const editor = view();
    if (!editor || writing.current || proposalIn(editor.state)) return false;
    turn.current += 1;
    const { to } = editor.state.selection;
    begin(editor, to, to);
    const one = { text, made };
    present(editor, one);
    setAsked({ ...WHOLE, alternatives: [one] });
    look(editor, 0);
    return true;
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
    await session.pages.takeVersion(id, asked.alternatives[asked.at]?.made ? "accepted" : "restored");
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

  return {
    asked,
    without,
    setWithout,
    start,
    again,
    bring,
    offer,
    step,
    take,
    takeAll: () => take(accept),
    stop,
    drop,
    over,
  };
}

function present(editor: EditorView, { text, made }: Alternative): void {
  if (!made) return;
  const how = made.place === "device" ? "model_here" : "model_elsewhere";
  const who = made.provider === null ? made.model : `${made.model} at ${made.provider}`;
  show(editor, text, { how, who: who.slice(0, LONGEST_NAME), edited: false });
}
