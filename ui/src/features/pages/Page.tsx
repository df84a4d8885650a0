/** One page: its title, its text, and what a model proposes beside it. */

import type { EditorView } from "prosemirror-view";
import { type CSSProperties, useEffect, useRef, useState } from "react";
import type { OpenPage } from "../../backend/client";
import { EditableTitle } from "../../components/EditableTitle";
import { Icon } from "../../components/Icon";
import { shortcut } from "../../components/keys";
import { LibraryButton } from "../../components/LibraryButton";
import { Menu } from "../../components/Menu";
import type { Anchor } from "../../components/MenuList";
import { plural } from "../../components/plural";
import { Trouble } from "../../components/Trouble";
import { speak } from "../../editor/editor";
import { markCaret } from "../../editor/focus";
import { noteAt, setNote as setNoteText } from "../../editor/notes";
import { pictureIn } from "../../editor/pictures";
import { acceptOne, acceptSelected, leaveOne, look as lookAt, proposalIn, touching } from "../../editor/proposals";
import { blockBehind } from "../../editor/split";
import { useChosen, useSession } from "../../session/context";
import { onThisDay } from "../../session/today";
import { Comments } from "./Comments";
import { FindBar } from "./FindBar";
import { Footnote } from "./Footnote";
import { Origins } from "./Origins";
import { PageExport } from "./PageExport";
import { FormatMenu, SelectionMenu } from "./PageMenus";
import { PageSettings } from "./PageSettings";
import { PictureBar } from "./PictureBar";
import { ProposalBar } from "./ProposalBar";
import { RewriteBox } from "./RewriteBox";
import { SelectionBar } from "./SelectionBar";
import { useComments } from "./useComments";
import { useEditor } from "./useEditor";
import { useOwnCommands } from "./useOwnCommands";
import { usePictures } from "./usePictures";
import { useProposal, type Wish } from "./useProposal";
import { useTypewriter } from "./useTypewriter";
import { Versions } from "./Versions";
import { WritingView } from "./WritingView";
import "./pages.css";
import "./find.css";

/** What the window asks of the page that is open: by its menu, its keys and its palette. */
export interface PageDoing {
  find: () => void;
  export: () => void;
  rewrite: () => void;
  goOn: () => void;
  split: () => void;
  picture: () => void;
  /** Takes the pictures that were dropped; true where other files wait. */
  dropped: () => Promise<boolean>;
  /** Stops what is being proposed; false where nothing is. */
  stop: () => boolean;
}

interface Props {
  id: number;
  onLibrary: () => void;
  /** A conversation stands beside it, which stays. */
  onClose?: (() => void) | undefined;
  /** Where the window finds what it may ask. */
  doing: { current: PageDoing | null };
}

const BOTH = "This was changed in another window at the same place. Both texts are kept, one after the other.";
const REFUSED = "This page is hands-off, so what a model wrote was left out of what you pasted. The rest is here.";

const BOX = 300;
const BAR = 390;
/** Where a conversation stands beside the page, the bar has one button more. */
const LONGER_BAR = 460;

export function Page({ id, onLibrary, onClose, doing }: Props) {
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
  if (page) return <Opened page={page} onLibrary={onLibrary} onClose={onClose} doing={doing} />;
  return (
    <div className="page written" aria-busy={!trouble}>
      <header className="bar">
        <LibraryButton onClick={onLibrary} />
      </header>
      <div className="page-body">
        <div className="measure">{trouble && <Trouble sentence={trouble} />}</div>
      </div>
    </div>
  );
}

type Floating = "find" | "footnote" | "view" | "settings" | "versions" | "origins" | "export" | null;

function Opened({ page, onLibrary, onClose, doing }: { page: OpenPage } & Omit<Props, "id">) {
  const session = useSession();
  const { id } = page;
  const title = useChosen((state) => state.library?.pages.find((one) => one.id === id)?.title ?? page.title);
  const renaming = useChosen(
    (state) => state.renaming?.kind === "page" && state.renaming.id === id && state.renaming.where === "title",
  );
  const trouble = useChosen((state) => state.trouble);
  const cloud = useChosen((state) => state.cloud.on);
  const look = useChosen((state) => state.remembered.writing);
  const today = onThisDay(
    useChosen((state) => state.remembered.today),
    new Date(),
  );
  const place = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const [note, setNote] = useState<string | null>(null);
  const [floating, setFloating] = useState<Floating>(null);
  const [box, setBox] = useState<{ left: number; top: number } | null>(null);
  /** Where the bar beside a selection stands. */
  const [beside, setBeside] = useState<{ left: number; top: number } | null>(null);
  const [menu, setMenu] = useState<Anchor | null>(null);
  const [showing, setShowing] = useState(false);
  const [language, setLanguage] = useState(page.language);
  const goal = useChosen((state) => state.library?.pages.find((one) => one.id === id)?.goal ?? 0);
  const {
    view,
    saver,
    words,
    empty,
    open,
    commenting,
    unsaved,
    both,
    forgetBoth,
    tongue,
    noteAt: openNote,
    closeNote,
    refused,
    forgetRefused,
    turn,
  } = useEditor(session, page, place);
  const proposal = useProposal(session, id, view);
  const comments = useComments(view, commenting, setNote);
  const pictures = usePictures(session, id, view);
  const own = useOwnCommands(session, page.project);
  const next = useChosen((state) => {
    const among = state.library?.pages.filter((one) => one.project === page.project) ?? [];
    return among[among.findIndex((one) => one.id === id) + 1]?.title;
  });
  const spoken = language || tongue;
  useEffect(() => void session.pages.checkSpelling([spoken || navigator.language]), [session, spoken]);
  const handed = useChosen((state) => (state.handed?.to === "page" ? state.handed : null));
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it comes
  useEffect(() => {
    if (!handed) return;
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
  useTypewriter(look.typewriter, view, body);
  // What is not selected any more has no bar.
  useEffect(() => {
    if (turn === 0) setBeside(null);
  }, [turn]);

  /** Right below the selection; nowhere, where there is none. */
  const below = (width: number) => {
    const opened = view();
    if (!opened || opened.state.selection.empty || !body.current) return null;
    const around = body.current.getBoundingClientRect();
    const at = opened.coordsAtPos(opened.state.selection.to);
    const left = Math.max(16, Math.min(at.left - around.left, around.width - width - 16));
    return { left, top: at.bottom - around.top + body.current.scrollTop + 8 };
  };
  const asks = !page.handsOff && !writing;
  const leaveNote = () => {
    closeNote();
    setFloating(null);
    view()?.focus();
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
  const duplicate = () => session.pages.duplicate(id, title === "" ? "" : `${title}, variant`);
  doing.current = {
    find: () => setFloating("find"),
    export: () => setFloating("export"),
    rewrite: openBox,
    goOn: () => asks && proposal.start({ command: "continue" }),
    split: () => void split(),
    picture: () => void pictures.add(),
    dropped: pictures.dropped,
    stop: () => {
      if (!writing) return false;
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

  const quote = () => {
    const { doc, selection } = (editor as EditorView).state;
    session.beside.quote(doc.textBetween(selection.from, selection.to, "\n\n", "\n"));
  };
  const notices: [string | null, () => void][] = [
    [trouble, session.dismissTrouble],
    [note, () => setNote(null)],
    [both ? BOTH : null, forgetBoth],
    [refused ? REFUSED : null, forgetRefused],
  ];
  const picture = editor && pictureIn(editor.state);
  const selecting = () => view()?.state.selection.empty === false;
  return (
    <div
      className="page written"
      data-origins={showing || undefined}
      data-focus={look.focus || undefined}
      style={{ "--line": look.line, "--text-size": `${look.letters}px` } as CSSProperties}
    >
      <header className="bar">
        <LibraryButton onClick={onLibrary} />
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
            : goal > 0
              ? `${words.all.toLocaleString("en")} of ${plural(goal, "word")}`
              : plural(words.all, "word")}
        </span>
        {today.goal > 0 && (
          <span className="count page-words" title="Words written today, on all pages">
            {`Today ${today.words.toLocaleString("en")} of ${today.goal.toLocaleString("en")}`}
          </span>
        )}
        <FormatMenu view={view} onFootnote={() => setFloating("footnote")} onPicture={() => void pictures.add()} />
        <Menu
          name="This page"
          items={[
            { name: "Rename", keys: "F2", act: () => session.startRenaming("page", id, "title") },
            { name: "Find in this page", keys: shortcut("F"), act: () => setFloating("find") },
            ...(page.handsOff
              ? []
              : [
                  { name: "Rewrite the selection…", keys: shortcut("E"), act: openBox },
                  { name: "Go on writing here", act: () => proposal.start({ command: "continue" }) },
                  ...(cloud
                    ? [
                        {
                          name: "Go on in the cloud…",
                          act: () => proposal.start({ command: "continue", elsewhere: true }),
                        },
                      ]
                    : []),
                ]),
            ...(onClose
              ? selecting()
                ? [{ name: "Quote in the conversation", act: quote }]
                : []
              : [{ name: "Open a conversation beside", act: () => void session.beside.someConversation() }]),
            ...comments.items,
            { name: "Split here", act: () => void split() },
            ...(next === undefined ? [] : [{ name: `Merge with “${next || "New page"}”`, act: () => void merge() }]),
            { name: "Duplicate as a variant", act: () => void duplicate() },
            { name: "Writing view…", act: () => setFloating("view") },
            { name: "About this page…", act: () => setFloating("settings") },
            { name: "Where the words came from", act: () => setFloating("origins") },
            { name: "Versions…", act: () => setFloating("versions") },
            { name: "Export…", keys: shortcut("E", true), act: () => setFloating("export") },
            { name: "Move to the trash", act: () => void session.trash("page", id), danger: true },
          ]}
        />
        {onClose && (
          <button
            type="button"
            className="icon-button"
            aria-label="Close this page"
            title="Close this page"
            onClick={onClose}
          >
            <Icon name="close" />
          </button>
        )}
      </header>
      {floating === "find" && (
        <FindBar
          view={view}
          onReplaceAll={async () => {
            await session.pages.flush();
            await session.pages.takeVersion(id, "working");
          }}
          onClose={() => setFloating(null)}
        />
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: what is heard here is the editor's that stands in it */}
      <div
        ref={body}
        className="page-body"
        // While the user draws, it would be under their hand: it comes when they are done.
        onPointerUp={() => box === null && setTimeout(() => setBeside(below(onClose ? LONGER_BAR : BAR)))}
        // While there is a proposal its keys decide on it; and the user's own commands have numbers.
        onKeyDownCapture={(event) => {
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
        }}
        onContextMenu={(event) => {
          // With nothing selected the system's own knows how to paste and how words are spelt.
          if (!selecting() || !(event.target instanceof Element && event.target.closest(".ProseMirror"))) return;
          event.preventDefault();
          const { clientX: x, clientY: y } = event;
          setMenu({ left: x, right: x, top: y, bottom: y });
        }}
      >
        <div className="measure">
          {notices.map(([sentence, forget]) =>
            sentence ? <Trouble key={sentence} sentence={sentence} onDismiss={forget} /> : null,
          )}
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
        {editor && picture && <PictureBar view={editor} {...picture} body={body} />}
        {beside && !picture && !box && !menu && editor && (
          <SelectionBar
            key={`${beside.left} ${beside.top}`}
            view={editor}
            place={beside}
            onRewrite={asks ? openBox : undefined}
            onQuote={onClose ? quote : undefined}
            onComment={comments.add}
            onClose={() => setBeside(null)}
          />
        )}
        {box && (
          <RewriteBox
            place={box}
            own={own}
            onAsk={ask}
            onClose={() => {
              setBox(null);
              view()?.focus();
            }}
          />
        )}
        <Comments of={comments} view={view} body={body} />
      </div>
      {proposal.asked && !decided && (
        <ProposalBar
          asked={proposal.asked}
          open={open}
          without={proposal.without}
          onWithout={proposal.setWithout}
          onTake={() => void proposal.takeAll()}
          onTakeOne={() => void proposal.take(acceptOne)}
          onTakeSelected={() => void proposal.take(acceptSelected)}
          onLeaveOne={() => void (editor && leaveOne(editor))}
          onLook={(by) => void (editor && lookAt(editor, by))}
          onStep={proposal.step}
          onDrop={proposal.drop}
          onStop={proposal.stop}
          onAgain={(words) => proposal.again(words)}
          onElsewhere={cloud ? () => proposal.again("", true) : undefined}
        />
      )}
      {menu && (
        <SelectionMenu
          view={view}
          anchor={menu}
          onComment={comments.add}
          onAsk={asks ? ask : undefined}
          onOwnWords={() => requestAnimationFrame(openBox)}
          onClose={(back) => {
            setMenu(null);
            if (back) view()?.focus();
          }}
        />
      )}
      {floating === "origins" && (
        <Origins
          id={id}
          project={page.project}
          showing={showing}
          onShowing={setShowing}
          onClose={() => setFloating(null)}
        />
      )}
      {floating === "settings" && (
        <PageSettings
          id={id}
          project={page.project}
          words={words}
          language={language}
          onLanguage={setLanguage}
          onClose={() => setFloating(null)}
        />
      )}
      {floating === "versions" && (
        <Versions
          id={id}
          view={view}
          onParts={writing ? undefined : proposal.bring}
          onClose={() => setFloating(null)}
        />
      )}
      {editor && (openNote !== null || floating === "footnote") && (
        <Footnote
          text={openNote === null ? "" : noteAt(editor, openNote)}
          onKeep={(text) => {
            setNoteText(editor, text, openNote);
            leaveNote();
          }}
          onClose={leaveNote}
        />
      )}
      {floating === "view" && <WritingView onClose={() => setFloating(null)} />}
      {floating === "export" && <PageExport id={id} onClose={() => setFloating(null)} />}
    </div>
  );
}
