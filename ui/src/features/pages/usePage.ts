/** A page that is open: its editor, what is proposed and said of it, what floats over it, what can be done. */
import { type KeyboardEvent, type MouseEvent, type RefObject, useEffect, useRef, useState } from "react";
import type { OpenPage } from "../../backend/client";
import type { MenuItem } from "../../components/Menu";
import type { Anchor } from "../../components/MenuList";
import { speak } from "../../editor/editor";
import { markCaret } from "../../editor/focus";
import { setNote as setNoteText } from "../../editor/notes";
import { acceptOne, acceptSelected, leaveOne, look as lookAt, proposalIn, touching } from "../../editor/proposals";
import { blockBehind } from "../../editor/split";
import { useChosen, useSession } from "../../session/context";
import { type Comments, useComments } from "./useComments";
import { type Kept, useEditor } from "./useEditor";
import { useOwnCommands } from "./useOwnCommands";
import { usePictures } from "./usePictures";
import { useProposal, type Wish } from "./useProposal";
import { useTypewriter } from "./useTypewriter";

/** What the window asks of the page that is open: by its menu, its keys and its palette. */
export interface PageDoing {
  find: () => void;
  export: () => void;
  rewrite: () => void;
  goOn: () => void;
  split: () => void;
  comments: Pick<Comments, "add" | "step">;
  picture: () => void;
  /** Takes the pictures that were dropped; true where other files wait. */
  dropped: () => Promise<boolean>;
  /** Stops what is being proposed; false where nothing is. */
  stop: () => boolean;
}

/** Where it stands, and what of it the window around it does. */
export interface Around {
  /** What its bars, boxes and cards are placed in. */
  body: RefObject<HTMLElement | null>;
  scroller: RefObject<HTMLElement | null>;
  /** Of several pages: what stands below all, while this one has the caret; else null. */
  foot?: HTMLElement | null;
  /** Of several, the one that keys and commands are for. */
  active: boolean;
  onFind: () => void;
  /** What is looked through by that: "this page". */
  where: string;
  /** A conversation stands beside it, which stays. */
  onClose?: (() => void) | undefined;
  /** Where the window finds what it may ask. */
  doing: { current: PageDoing | null };
  /** What else its menu has. */
  items: readonly MenuItem[];
  /** Of several: how it was left, and who hears that it is open. */
  kept?: Kept | undefined;
}

export type PageOf = ReturnType<typeof usePage>;

type Floating = "footnote" | "view" | "settings" | "versions" | "origins" | "export" | null;

const BOTH = "This was changed in another window at the same place. Both texts are kept, one after the other.";
const REFUSED = "This page is hands-off, so what a model wrote was left out of what you pasted. The rest is here.";

const BOX = 300;
const BAR = 390;
/** Where a conversation stands beside the page, the bar has one button more. */
const LONGER_BAR = 460;

export function usePage(page: OpenPage, around: Around) {
  const session = useSession();
  const { id } = page;
  const { body, active, onClose, doing } = around;
  const title = useChosen((state) => state.library?.pages.find((one) => one.id === id)?.title ?? page.title);
  const trouble = useChosen((state) => state.trouble);
  const look = useChosen((state) => state.remembered.writing);
  const place = useRef<HTMLDivElement>(null);
  const [note, setNote] = useState<string | null>(null);
  const [floating, setFloating] = useState<Floating>(null);
  const [box, setBox] = useState<{ left: number; top: number } | null>(null);
  /** Where the bar beside a selection stands. */
  const [beside, setBeside] = useState<{ left: number; top: number } | null>(null);
  const [menu, setMenu] = useState<Anchor | null>(null);
  const [showing, setShowing] = useState(false);
  const [language, setLanguage] = useState(page.language);
  const written = useEditor(session, page, place, around.kept);
  const { view, saver, open, turn } = written;
  const proposal = useProposal(session, id, view);
  const comments = useComments(view, written.commenting, setNote);
  const pictures = usePictures(session, id, view);
  const own = useOwnCommands(session, page.project);
  const spoken = language || written.tongue;
  useEffect(() => {
    if (active) void session.pages.checkSpelling([spoken || navigator.language]);
  }, [session, spoken, active]);
  const handed = useChosen((state) => (state.handed?.to === "page" ? state.handed : null));
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it comes
  useEffect(() => {
    if (!handed || !active) return;
    session.beside.taken();
    if (!proposal.offer(handed.text, handed.made)) setNote("Decide on the proposal that is open first.");
    view()?.focus();
  }, [handed]);
  const writing = proposal.asked?.writing === true;
  const editor = view();
  // All of it was decided upon, one after another, or by an undo.
  const decided = (proposal.asked?.alternatives.length ?? 0) > 0 && editor !== null && !proposalIn(editor.state);
  useEffect(() => {
    if (decided) proposal.over();
  });
  const speaking = useRef(page.language);
  useEffect(() => {
    if (!editor || speaking.current === spoken) return;
    speaking.current = spoken;
    speak(editor, spoken);
  }, [editor, spoken]);
  useEffect(() => {
    if (editor) markCaret(editor, look.focus);
  }, [editor, look.focus]);
  useTypewriter(look.typewriter && active, view, around.scroller);
  // What is not selected any more has no bar.
  useEffect(() => {
    if (turn === 0) setBeside(null);
  }, [turn]);

  /** Right below the selection; nowhere, where there is none. */
  const below = (width: number) => {
    const opened = view();
    if (!opened || opened.state.selection.empty || !body.current) return null;
    const frame = body.current.getBoundingClientRect();
    const at = opened.coordsAtPos(opened.state.selection.to);
    const left = Math.max(16, Math.min(at.left - frame.left, frame.width - width - 16));
    return { left, top: at.bottom - frame.top + body.current.scrollTop + 8 };
  };
  const asks = !page.handsOff && !writing;
  const focus = () => view()?.focus();
  const leaveNote = () => {
    written.closeNote();
    setFloating(null);
    focus();
  };
  const openBox = () => {
    setBeside(null);
    setBox(asks ? below(BOX) : null);
  };
  const ask = (wish: Wish) => {
    setBox(null);
    setBeside(null);
    proposal.start(wish);
  };
  /** Whether the key is one that decides on a proposal. */
  const decide = (key: string): boolean => {
    if (!editor || open.changes === 0 || open.touched) return false;
    if (key === "ArrowDown" || key === "ArrowUp") return lookAt(editor, key === "ArrowDown" ? 1 : -1);
    if (key === "Delete") return leaveOne(editor);
    if (key === "Enter") void proposal.take(touching(editor.state).length > 0 ? acceptSelected : acceptOne);
    return key === "Enter";
  };
  const split = async () => {
    const at = editor && blockBehind(editor);
    if (!editor || !at) return setNote("Put the caret where the new page should begin, and try again.");
    await session.pages.flush();
    if (saver.current) await session.pages.split(id, saver.current.revision, at, "");
  };
  const merge = async () => {
    await session.pages.flush();
    if (saver.current && (await session.pages.merge(id, saver.current.revision)) === true) await saver.current.look();
  };
  const selecting = () => view()?.state.selection.empty === false;
  const quote = () => {
    if (!editor) return;
    const { doc, selection } = editor.state;
    session.beside.quote(doc.textBetween(selection.from, selection.to, "\n\n", "\n"));
  };
  const mine: PageDoing = {
    find: around.onFind,
    export: () => setFloating("export"),
    rewrite: openBox,
    goOn: () => asks && proposal.start({ command: "continue" }),
    split: () => void split(),
    comments,
    picture: () => void pictures.add(),
    dropped: pictures.dropped,
    stop: () => {
      if (!writing) return false;
      proposal.stop();
      return true;
    },
  };
  if (active) doing.current = mine;
  const latest = useRef(mine);
  latest.current = mine;
  useEffect(
    () => () => {
      if (doing.current === latest.current) doing.current = null;
    },
    [doing],
  );

  const notices: [string | null, () => void][] = [
    [active ? trouble : null, session.dismissTrouble],
    [note, () => setNote(null)],
    [written.both ? BOTH : null, written.forgetBoth],
    [written.refused ? REFUSED : null, written.forgetRefused],
  ];
  /** What is heard around the editor. */
  const heard = {
    // While the user draws, it would be under their hand: it comes when they are done.
    onPointerUp: () => {
      if (box === null) setTimeout(() => setBeside(below(onClose ? LONGER_BAR : BAR)));
    },
    // While there is a proposal its keys decide on it; and the user's own commands have numbers.
    onKeyDownCapture: (event: KeyboardEvent) => {
      if (comments.pressed(event)) return;
      if (event.altKey && (event.ctrlKey || event.metaKey) && event.code === "KeyF") {
        event.preventDefault();
        return setFloating("footnote");
      }
      if (!event.altKey || event.ctrlKey || event.metaKey) return;
      if (decide(event.key)) {
        event.preventDefault();
        return event.stopPropagation();
      }
      const nth = /^Digit([1-9])$/.exec(event.code)?.[1];
      const told = nth === undefined ? undefined : own.all[Number(nth) - 1];
      if (!told || !asks || !selecting()) return;
      event.preventDefault();
      ask({ command: "own", words: told.words });
    },
    onContextMenu: (event: MouseEvent) => {
      // With nothing selected the system's own knows how to paste and how words are spelt.
      if (!selecting() || !(event.target instanceof Element && event.target.closest(".ProseMirror"))) return;
      event.preventDefault();
      const { clientX: x, clientY: y } = event;
      setMenu({ left: x, right: x, top: y, bottom: y });
    },
  };
  return {
    ...written,
    ...{ id, page, title, place, look, around, editor, proposal, decided, comments, pictures, own, notices, heard },
    ...{ asks, writing, ask, openBox, focus, split, merge, quote, selecting },
    ...{ box, setBox, beside, setBeside, menu, setMenu, floating, setFloating, showing, setShowing },
    ...{ language, setLanguage },
    keepNote: (text: string) => {
      if (editor) setNoteText(editor, text, written.noteAt);
      leaveNote();
    },
    leaveNote,
  };
}
