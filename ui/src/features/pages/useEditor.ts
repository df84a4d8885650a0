/** The editor of the page that is open, what it says of itself, and what saves it. */
import type { EditorState } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";
import type { OpenPage, PagePicture } from "../../backend/client";
import { inFront } from "../../components/editing";
import { type Commenting, commentsOf } from "../../editor/comments";
import { openEditor } from "../../editor/editor";
import { guessLanguage } from "../../editor/language";
import { putPictures } from "../../editor/pictures";
import { proposalIn, touching } from "../../editor/proposals";
import { Saver } from "../../editor/saver";
import { read, written } from "../../editor/schema";
import type { Splice } from "../../editor/sync";
import { wordsBetween, wordsWithin } from "../../editor/words";
import type { Session } from "../../session/session";
import type { Open } from "./ProposalBar";

/** Words are counted when the typing pauses. */
const COUNT_MS = 400;
/** So long at once, of which nothing is seen. */
const SLICE_MS = 4;
/** Fewer words say no language, and so many letters are looked at. */
const FEW = 20;
const SAID_BY = 6000;
/** After as much work a version is taken. */
const VERSION_MS = 10 * 60_000;

export interface Words {
  all: number;
  selected: number;
  /** Written since the page was opened: what was taken away counts against it. */
  since: number;
}

/** Of one of several pages, whose editors come and go. */
export interface Kept {
  /** As it was left; null, where it was not open yet. */
  left: EditorState | null;
  opened: (view: EditorView) => void;
  closed: (state: EditorState) => void;
}

const DECIDED: Open = { touched: false, changes: 0, at: 0, selected: 0, beside: null };

function openOf(view: EditorView): Open {
  const proposal = proposalIn(view.state);
  if (!proposal) return DECIDED;
  const { touched, changes, at, from, to } = proposal;
  const { doc } = view.state;
  const text = (start: number, end: number) => doc.textBetween(start, end, "\n", "\n");
  const beside = () => {
    let [old, fresh, place] = ["", "", from];
    for (const change of changes ?? []) {
      const before = text(place, change.from);
      const come = change.content.textBetween(0, change.content.size, "\n", "\n");
      old += before + text(change.from, change.to);
      fresh += before + come;
      place = change.to;
    }
    const rest = text(place, to);
    return { old: old + rest, new: fresh + rest };
  };
  return {
    touched,
    changes: changes?.length ?? 0,
    at,
    selected: touching(view.state).length,
    beside: touched || !changes || from === to ? null : beside(),
  };
}

/** While nothing changes but their places, nothing is drawn anew. */
function asBefore(old: Commenting, now: Commenting): Commenting {
  const same = (at: number) => {
    const [one, other] = [old.all[at], now.all[at]];
    return one?.id === other?.id && one?.text === other?.text && one?.resolved === other?.resolved;
  };
  if (old.chosen !== now.chosen || old.all.length !== now.all.length) return now;
  return now.all.every((_, at) => same(at)) ? old : now;
}

export function useEditor(session: Session, page: OpenPage, place: RefObject<HTMLElement | null>, kept?: Kept) {
  const { id } = page;
  const around = useRef(kept);
  around.current = kept;
  const editor = useRef<EditorView | null>(null);
  const saver = useRef<Saver | null>(null);
  const [words, setWords] = useState<Words>({ all: 0, selected: 0, since: 0 });
  const [empty, setEmpty] = useState(false);
  const [open, setOpen] = useState<Open>(DECIDED);
  const [commenting, setCommenting] = useState<Commenting>({ all: [], chosen: null });
  const [unsaved, setUnsaved] = useState(false);
  const [both, setBoth] = useState(false);
  /** The language that it seems to be written in. */
  const [tongue, setTongue] = useState("");
  /** The footnote that is open. */
  const [noteAt, setNoteAt] = useState<number | null>(null);
  const [refused, setRefused] = useState(false);
  /** Counts the changes of the selection, for what is shown beside it. */
  const [turn, setTurn] = useState(0);
  const view = useCallback(() => editor.current, []);

  // Before anything is painted: what stood in its place without an editor is as high.
  useLayoutEffect(() => {
    if (!place.current) return;
    let counting: ReturnType<typeof setTimeout> | null = null;
    let begun: number | null = null;
    let counted: number | null = null;
    const count = () => {
      counting = null;
      const { doc, selection } = opened.state;
      const all = wordsWithin(doc, SLICE_MS);
      // A key that comes meanwhile goes first.
      if (all === null) {
        counting = setTimeout(count);
        return;
      }
      guess(all);
      begun ??= all;
      session.memory.wrote(all - (counted ?? all));
      counted = all;
      const selected = wordsBetween(doc, selection.from, selection.to);
      const since = all - begun;
      setWords((old) =>
        old.all === all && old.selected === selected && old.since === since ? old : { all, selected, since },
      );
    };
    let guessed = 0;
    // Where nobody said it. Once there is more to go by, it is looked at again.
    const guess = (words: number) => {
      if (words < guessed * 2 || words < FEW) return;
      guessed = words;
      const { doc } = opened.state;
      setTongue(guessLanguage(doc.textBetween(0, Math.min(doc.content.size, SAID_BY), " ", " ")));
    };
    let proposed = false;
    const look = () => {
      const { doc } = opened.state;
      setEmpty(doc.childCount === 1 && doc.firstChild?.type.name === "paragraph" && doc.content.size === 2);
      const now = proposalIn(opened.state) !== null;
      setCommenting((old) => asBefore(old, commentsOf(opened.state)));
      if (now || proposed) setOpen(openOf(opened));
      proposed = now;
    };
    const left = around.current?.left ?? null;
    const opened = openEditor(place.current, read(page.document), page.language, left, {
      changed: (_, transaction) => {
        if (transaction.docChanged) saving.changed();
        // What came from elsewhere in the app nobody wrote just now.
        if (transaction.docChanged && transaction.getMeta("addToHistory") === false) counted = null;
        if (transaction.docChanged || transaction.selectionSet)
          setTurn((old) => (opened.state.selection.empty ? 0 : old + 1));
        look();
        counting ??= setTimeout(count, COUNT_MS);
      },
      note: setNoteAt,
      pictures: {
        pixels: session.pages.pictures.pixels,
        files: (files, at) => void put(session.pages.pictures.take(id, files), at),
        hidden: () => void put(session.pages.pictures.fromClipboard(id)),
        inline: (base64) => session.pages.pictures.inline(id, base64),
      },
      refused: page.handsOff ? () => setRefused(true) : undefined,
    });
    const put = async (come: Promise<readonly PagePicture[]>, at?: number) => {
      const pictures = await come;
      if (!opened.isDestroyed) putPictures(opened, pictures, at);
    };
    const store = {
      save: (base: number, { from, remove, insert }: Splice) =>
        session.pages.save(id, base, from, remove, written(insert)),
      read: async () => {
        const { revision, document } = await session.pages.readNow(id);
        return { revision, doc: read(document) };
      },
    };
    const saving = new Saver(opened, store, page.revision, (news) => {
      if (news === "both") setBoth(true);
      setUnsaved(news === "failed");
    });
    editor.current = opened;
    saver.current = saving;
    look();
    count();
    if (around.current) around.current.opened(opened);
    else if (inFront(place.current)) opened.focus();
    void session.pages.takeVersion(id, "opened");
    const forget = session.pages.keep(saving);
    const versions = setInterval(
      () => void saving.flush().then(() => session.pages.takeVersion(id, "working")),
      VERSION_MS,
    );
    // Another window, or another program, may have written while this one was not looked at.
    const back = () => void saving.look().catch(() => {});
    window.addEventListener("focus", back);
    return () => {
      window.removeEventListener("focus", back);
      clearInterval(versions);
      if (counting !== null) clearTimeout(counting);
      // Whoever reads it meanwhile waits for its last words.
      void saving
        .flush()
        .finally(forget)
        .then(() => session.pages.takeVersion(id, "closed"));
      around.current?.closed(opened.state);
      editor.current = null;
      opened.destroy();
    };
  }, [session, id, page, place]);

  return {
    view,
    saver,
    words,
    empty,
    open,
    commenting,
    unsaved,
    both,
    forgetBoth: () => setBoth(false),
    tongue,
    noteAt,
    closeNote: () => setNoteAt(null),
    refused,
    forgetRefused: () => setRefused(false),
    turn,
  };
}
