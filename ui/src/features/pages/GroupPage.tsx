/** One of several pages in one scroll: with an editor while it is near, else as it reads. */
import type { Node } from "prosemirror-model";
import type { EditorView } from "prosemirror-view";
import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type PointerEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { createPortal } from "react-dom";
import type { OpenPage } from "../../backend/client";
import { EditableTitle } from "../../components/EditableTitle";
import { composing } from "../../components/keys";
import type { MenuItem } from "../../components/Menu";
import { useChosen, useSession } from "../../session/context";
import { type Editors, type Entry, leaving, turning } from "./editors";
import { PageTools } from "./PageBar";
import { PageFloats, PageProposal } from "./PageFloats";
import { PageOverlays, PageText } from "./PageText";
import { heightOf, plain } from "./plain";
import { type PageDoing, usePage } from "./usePage";

/** What an open page says of itself to all. */
export interface Said {
  all: number;
  selected: number;
  unsaved: boolean;
}

/** What the pages of one scroll have in common. */
export interface Several {
  editors: Editors;
  scroller: RefObject<HTMLElement | null>;
  doing: { current: PageDoing | null };
  /** "these pages". */
  where: string;
  onFind: () => void;
  items: (id: number) => readonly MenuItem[];
  watch: (id: number, section: HTMLElement) => () => void;
  read: (id: number) => Promise<OpenPage | undefined>;
  /** Null: it is open no more. */
  said: (id: number, said: Said | null) => void;
  closed: (id: number, doc: Node) => void;
  /** The caret goes on in the page before or behind this one; false where there is none. */
  goOn: (id: number, by: 1 | -1, entry: Entry) => boolean;
  /** One view further, or back, with the caret where it was in the view. */
  turn: (from: EditorView, by: 1 | -1) => void;
}

interface Props {
  id: number;
  title: string;
  /** As they were stored. */
  words: number;
  /** As far as it was read. */
  doc: Node | undefined;
  near: boolean;
  active: boolean;
  several: Several;
  /** Where the page with the caret has its tools, and what is decided on a proposal. */
  bar: HTMLElement | null;
  foot: HTMLElement | null;
}

/** What is only scrolled past opens no editor. */
const SETTLES_MS = 80;

interface Hearing {
  onPointerUp: (event: PointerEvent) => void;
  onKeyDownCapture: (event: KeyboardEvent) => void;
  onContextMenu: (event: MouseEvent) => void;
}

export const GroupPage = memo(function GroupPage(props: Props) {
  const { id, title, words, doc, near, active, several } = props;
  const session = useSession();
  const section = useRef<HTMLElement>(null);
  const heard = useRef<Hearing | null>(null);
  const [page, setPage] = useState<OpenPage | null>(null);
  /** It has something that is not decided or not saved, and stays open for that. */
  const [busy, setBusy] = useState(false);
  const open = near || active || busy;
  const renaming = useChosen(
    (state) => state.renaming?.kind === "page" && state.renaming.id === id && state.renaming.where === "title",
  );
  useEffect(() => {
    if (!open) return setPage(null);
    let gone = false;
    const begin = () => void several.read(id).then((read) => !gone && read && setPage(read));
    const soon = setTimeout(begin, several.editors.awaited(id) ? 0 : SETTLES_MS);
    return () => {
      gone = true;
      clearTimeout(soon);
    };
  }, [open, id, several]);
  useEffect(() => (section.current ? several.watch(id, section.current) : undefined), [several, id]);
  return (
    <section
      ref={section}
      className="group-page"
      aria-label={title || "New page"}
      data-page={id}
      data-front={active}
      onFocusCapture={() => session.pages.reach(id)}
      onPointerDownCapture={({ clientX: left, clientY: top, target }) => {
        // Without an editor the caret comes there as soon as there is one.
        const here = !page && target instanceof Element && target.closest(".page-text");
        if (here) several.editors.enter(id, { edge: "start", left, top });
        else session.pages.reach(id);
      }}
      onPointerUp={(event) => heard.current?.onPointerUp(event)}
      onKeyDownCapture={(event) => heard.current?.onKeyDownCapture(event)}
      onContextMenu={(event) => heard.current?.onContextMenu(event)}
    >
      <div className="measure">
        <EditableTitle
          below
          title={title}
          untitled="New page"
          editing={renaming}
          onEditing={(editing) => (editing ? session.startRenaming("page", id, "title") : session.stopRenaming())}
          onRename={(name) => void session.pages.rename(id, name)}
        />
        {page ? (
          <Opened {...props} key={page.id} page={page} section={section} heard={heard} onBusy={setBusy} />
        ) : (
          <Read doc={doc} words={words} />
        )}
      </div>
    </section>
  );
});

function Read({ doc, words }: { doc: Node | undefined; words: number }) {
  const session = useSession();
  const writing = useChosen((state) => state.remembered.writing);
  const text = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (doc) text.current?.replaceChildren(plain(doc, session.pages.pictures.pixels));
  }, [session, doc]);
  if (!doc) return <div aria-busy="true" style={{ height: heightOf(words, writing) }} />;
  return (
    <div className="prose page-text">
      <div ref={text} className="ProseMirror" dir="auto" />
    </div>
  );
}

interface OpenedProps extends Props {
  page: OpenPage;
  section: RefObject<HTMLElement | null>;
  heard: { current: Hearing | null };
  onBusy: (busy: boolean) => void;
}

function Opened({ page, active, several, bar, foot, section, heard, onBusy }: OpenedProps) {
  const { id } = page;
  const { editors } = several;
  const of = usePage(page, {
    ...{ body: section, scroller: several.scroller, active, doing: several.doing },
    foot: active ? foot : null,
    ...{ onFind: several.onFind, where: several.where, items: several.items(id) },
    kept: {
      left: editors.leftOf(id),
      opened: (view) => editors.opened(id, view),
      closed: (state) => {
        editors.closed(id, state);
        several.closed(id, state.doc);
      },
    },
  });
  const { unsaved, words, proposal } = of;
  const busy = unsaved || proposal.asked !== null;
  useEffect(() => onBusy(busy), [onBusy, busy]);
  useEffect(() => several.said(id, { ...words, unsaved }), [several, id, words, unsaved]);
  useEffect(() => () => several.said(id, null), [several, id]);
  heard.current = {
    ...of.heard,
    // What floats over the page is among what is heard here.
    onPointerUp: ({ target }) => {
      if (target instanceof Element && !target.closest("dialog, [role=menu]")) of.heard.onPointerUp();
    },
    onKeyDownCapture: (event) => {
      if (!(event.target instanceof Element && event.target.closest(".page-text"))) return;
      of.heard.onKeyDownCapture(event);
      if (event.defaultPrevented || composing(event.nativeEvent) || !of.editor) return;
      const turned = turning(event);
      const to = leaving(of.editor, event);
      if (turned) several.turn(of.editor, turned);
      else if (!to || !several.goOn(id, to.by, to.entry)) return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
  useEffect(
    () => () => {
      heard.current = null;
    },
    [heard],
  );
  return (
    <>
      <div data-origins={of.showing || undefined}>
        <PageText of={of} />
      </div>
      <PageOverlays of={of} />
      {active && bar && createPortal(<PageTools of={of} />, bar)}
      {active && foot && createPortal(<PageProposal of={of} />, foot)}
      <PageFloats of={of} />
    </>
  );
}
