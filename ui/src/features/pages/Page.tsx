/** One page: its title, its text, and what a model proposes beside it. */

import type { EditorView } from "prosemirror-view";
import { useCallback, useEffect, useRef, useState } from "react";
import type { OpenPage } from "../../backend/client";
import { EditableTitle } from "../../components/EditableTitle";
import { Icon } from "../../components/Icon";
import { shortcut } from "../../components/keys";
import { Menu } from "../../components/Menu";
import { type Anchor, MenuList } from "../../components/MenuList";
import { plural } from "../../components/plural";
import { Trouble } from "../../components/Trouble";
import { openEditor } from "../../editor/editor";
import { proposalIn } from "../../editor/proposals";
import { Saver } from "../../editor/saver";
import { read, written } from "../../editor/schema";
import { countWords } from "../../editor/words";
import { useChosen, useSession } from "../../session/context";
import { TASKS } from "./commands";
import { FindBar } from "./FindBar";
import { Origins } from "./Origins";
import { PageExport } from "./PageExport";
import { ProposalBar } from "./ProposalBar";
import { RewriteBox } from "./RewriteBox";
import { useProposal } from "./useProposal";
import { Versions } from "./Versions";
import "./pages.css";

/** What the window asks of the page that is open: by its menu, its keys and its palette. */
export interface PageDoing {
  find: () => void;
  export: () => void;
  rewrite: () => void;
  goOn: () => void;
  /** Stops what is being proposed; false where nothing is. */
  stop: () => boolean;
}

interface Props {
  id: number;
  onLibrary: () => void;
  /** Where the window finds what it may ask. */
  doing: { current: PageDoing | null };
}

/** Words are counted when the typing pauses. */
const COUNT_MS = 400;
/** After as much work a version is taken. */
const VERSION_MS = 10 * 60_000;

export function Page({ id, onLibrary, doing }: Props) {
  const session = useSession();
  const [page, setPage] = useState<OpenPage | null>(null);
  const trouble = useChosen((state) => state.trouble);
  useEffect(() => {
    let gone = false;
    void session.pages.read(id).then((read) => !gone && read && setPage(read));
    return () => {
      gone = true;
    };
  }, [session, id]);
  if (page) return <Opened page={page} onLibrary={onLibrary} doing={doing} />;
  return (
    <div className="page written" aria-busy={!trouble}>
      <header className="bar">
        <button
          type="button"
          className="icon-button library-toggle"
          aria-label="Library"
          title="Library"
          onClick={onLibrary}
        >
          <Icon name="menu" />
        </button>
      </header>
      <div className="page-body">
        <div className="measure">{trouble && <Trouble sentence={trouble} />}</div>
      </div>
    </div>
  );
}

type Floating = "find" | "versions" | "origins" | "export" | null;

function Opened({ page, onLibrary, doing }: { page: OpenPage } & Omit<Props, "id">) {
  const session = useSession();
  const { id } = page;
  const title = useChosen((state) => state.library?.pages.find((one) => one.id === id)?.title ?? page.title);
  const renaming = useChosen(
    (state) => state.renaming?.kind === "page" && state.renaming.id === id && state.renaming.where === "title",
  );
  const trouble = useChosen((state) => state.trouble);
  const place = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const [words, setWords] = useState<{ all: number; selected: number }>({ all: 0, selected: 0 });
  const [empty, setEmpty] = useState(false);
  const [touched, setTouched] = useState(false);
  const [unsaved, setUnsaved] = useState(false);
  const [note, setNote] = useState<string | null>(null);
  const [floating, setFloating] = useState<Floating>(null);
  const [box, setBox] = useState<{ left: number; top: number } | null>(null);
  /** Where the quiet button beside a selection stands. */
  const [beside, setBeside] = useState<{ left: number; top: number } | null>(null);
  const [menu, setMenu] = useState<Anchor | null>(null);
  const [showing, setShowing] = useState(false);
  const view = useCallback(() => editor.current, []);
  const proposal = useProposal(session, id, view);

  useEffect(() => {
    if (!place.current) return;
    let counting: ReturnType<typeof setTimeout> | null = null;
    const count = () => {
      counting = null;
      const { doc, selection } = opened.state;
      const text = (from: number, to: number) => countWords(doc.textBetween(from, to, "\n", "\n"));
      setWords({ all: text(0, doc.content.size), selected: selection.empty ? 0 : text(selection.from, selection.to) });
    };
    const look = () => {
      const { doc } = opened.state;
      setEmpty(doc.childCount === 1 && doc.firstChild?.type.name === "paragraph" && doc.content.size === 2);
      setTouched(proposalIn(opened.state)?.touched ?? false);
    };
    const opened = openEditor(place.current, read(page.document), page.language, {
      changed: (_, transaction) => {
        if (transaction.docChanged) saver.changed();
        if (transaction.docChanged || opened.state.selection.empty) setBeside(null);
        look();
        counting ??= setTimeout(count, COUNT_MS);
      },
    });
    const store = {
      save: (
        base: number,
        { from, remove, insert }: { from: number; remove: number; insert: Parameters<typeof written>[0][number][] },
      ) => session.pages.save(id, base, from, remove, written(insert)),
      read: async () => {
        const { revision, document } = await session.pages.readNow(id);
        return { revision, doc: read(document) };
      },
    };
    const saver = new Saver(opened, store, page.revision, (news) => {
      if (news === "both")
        setNote("This was changed in another window at the same place. Both texts are kept, one after the other.");
      setUnsaved(news === "failed");
    });
    editor.current = opened;
    look();
    count();
    opened.focus();
    void session.pages.takeVersion(id, "opened");
    const forget = session.pages.keep(() => saver.flush());
    const versions = setInterval(
      () => void saver.flush().then(() => session.pages.takeVersion(id, "working")),
      VERSION_MS,
    );
    // Another window, or another program, may have written while this one was not looked at.
    const back = () => void saver.look().catch(() => {});
    window.addEventListener("focus", back);
    return () => {
      window.removeEventListener("focus", back);
      clearInterval(versions);
      if (counting !== null) clearTimeout(counting);
      forget();
      void saver.flush().then(() => session.pages.takeVersion(id, "closed"));
      editor.current = null;
      opened.destroy();
    };
  }, [session, id, page]);

  /** Right below the selection; nowhere, where there is none or nothing may be proposed. */
  const below = (width: number) => {
    const opened = editor.current;
    if (!opened || opened.state.selection.empty || !body.current || page.handsOff || proposal.asked?.writing === true)
      return null;
    const around = body.current.getBoundingClientRect();
    const at = opened.coordsAtPos(opened.state.selection.to);
    const left = Math.max(16, Math.min(at.left - around.left, around.width - width - 16));
    return { left, top: at.bottom - around.top + body.current.scrollTop + 8 };
  };
  const openBox = () => {
    setBeside(null);
    setBox(below(280));
  };
  doing.current = {
    find: () => setFloating("find"),
    export: () => setFloating("export"),
    rewrite: openBox,
    goOn: () => !page.handsOff && proposal.start("continue"),
    stop: () => {
      if (proposal.asked?.writing !== true) return false;
      proposal.stop();
      return true;
    },
  };
  useEffect(
    () => () => {
      doing.current = null;
    },
    [doing],
  );

  const selecting = () => editor.current?.state.selection.empty === false;
  const ask = (command: Parameters<typeof proposal.start>[0], own?: string) => {
    setBox(null);
    proposal.start(command, own);
  };
  const copy = (how: "copy" | "cut") => {
    editor.current?.focus();
    document.execCommand(how);
  };

  return (
    <div className="page written" data-origins={showing || undefined}>
      <header className="bar">
        <button
          type="button"
          className="icon-button library-toggle"
          aria-label="Library"
          title="Library"
          onClick={onLibrary}
        >
          <Icon name="menu" />
        </button>
        <EditableTitle
          title={title}
          untitled="New page"
          editing={renaming}
          onEditing={(editing) => (editing ? session.startRenaming("page", id, "title") : session.stopRenaming())}
          onRename={(name) => void session.pages.rename(id, name)}
        />
        <span className="spring" />
        {unsaved && (
          <span className="hint" role="status">
            Not saved yet
          </span>
        )}
        <span className="count page-words">
          {words.selected > 0
            ? `${plural(words.selected, "word")} of ${words.all.toLocaleString("en")}`
            : plural(words.all, "word")}
        </span>
        <Menu
          name="This page"
          items={[
            { name: "Rename", keys: "F2", act: () => session.startRenaming("page", id, "title") },
            { name: "Find in this page", keys: shortcut("F"), act: () => setFloating("find") },
            ...(page.handsOff
              ? []
              : [
                  { name: "Rewrite the selection…", keys: shortcut("E"), act: openBox },
                  { name: "Go on writing here", act: () => proposal.start("continue") },
                ]),
            { name: "Where the words came from", act: () => setFloating("origins") },
            { name: "Versions…", act: () => setFloating("versions") },
            { name: "Export…", keys: shortcut("E", true), act: () => setFloating("export") },
            { name: "Move to the trash", act: () => void session.trash("page", id), danger: true },
          ]}
        />
      </header>
      {floating === "find" && <FindBar view={view} onClose={() => setFloating(null)} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: what is heard here is the editor's that stands in it */}
      <div
        ref={body}
        className="page-body"
        // While the user draws, it would be under their hand: it comes when they are done.
        onPointerUp={() => box === null && setTimeout(() => setBeside(below(110)))}
        onContextMenu={(event) => {
          // With nothing selected the system's own knows how to paste and how words are spelt.
          if (!selecting() || !(event.target instanceof Element && event.target.closest(".ProseMirror"))) return;
          event.preventDefault();
          const { clientX: x, clientY: y } = event;
          setMenu({ left: x, right: x, top: y, bottom: y });
        }}
      >
        <div className="measure">
          {trouble && <Trouble sentence={trouble} onDismiss={session.dismissTrouble} />}
          {note && <Trouble sentence={note} onDismiss={() => setNote(null)} />}
          {page.handsOff && <p className="hint hands-off">Hands-off: no model’s text comes onto this page.</p>}
          <div ref={place} className="prose page-text" />
          {empty && (
            <p className="page-empty" aria-hidden="true">
              {page.handsOff
                ? "Write here."
                : `Write here. Select words and press ${shortcut("E")} for a proposal; it never changes your text by itself.`}
            </p>
          )}
        </div>
        {beside && !box && !menu && !proposal.asked && (
          <button
            type="button"
            className="quiet rewrite-beside"
            style={beside}
            title={shortcut("E")}
            onPointerDown={(event) => event.preventDefault()}
            onPointerUp={(event) => event.stopPropagation()}
            onClick={openBox}
          >
            Rewrite…
          </button>
        )}
        {box && (
          <RewriteBox
            place={box}
            onAsk={ask}
            onClose={() => {
              setBox(null);
              editor.current?.focus();
            }}
          />
        )}
      </div>
      {proposal.asked && (
        <ProposalBar
          asked={proposal.asked}
          touched={touched}
          onTake={() => void proposal.take()}
          onDrop={proposal.drop}
          onStop={proposal.stop}
          onAgain={proposal.again}
        />
      )}
      {menu && (
        <MenuList
          name="The selection"
          anchor={menu}
          items={[
            { name: "Cut", act: () => copy("cut") },
            { name: "Copy", act: () => copy("copy") },
            ...(page.handsOff || proposal.asked?.writing
              ? []
              : [
                  ...TASKS.map(({ command, name }) => ({ name, act: () => ask(command) })),
                  { name: "In my own words…", keys: shortcut("E"), act: () => requestAnimationFrame(openBox) },
                ]),
          ]}
          onClose={(back) => {
            setMenu(null);
            if (back) editor.current?.focus();
          }}
        />
      )}
      {floating === "origins" && (
        <Origins id={id} showing={showing} onShowing={setShowing} onClose={() => setFloating(null)} />
      )}
      {floating === "versions" && <Versions id={id} view={view} onClose={() => setFloating(null)} />}
      {floating === "export" && <PageExport id={id} onClose={() => setFloating(null)} />}
    </div>
  );
}
