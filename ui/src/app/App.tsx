/** The window: three panes, what floats above them, and the keys that work everywhere. */
import { type CSSProperties, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Backend } from "../backend/client";
import { Boundary } from "../components/Boundary";
import { undoOrRedo } from "../components/editing";
import { Notices } from "../components/Notices";
import { OpenHelp } from "../components/openHelp";
import { Chat } from "../features/chat/Chat";
import { SaveAs } from "../features/chat/SaveAs";
import { ContextPane, INSTRUCTIONS_FIELD } from "../features/context/ContextPane";
import { FirstRun } from "../features/firstrun/FirstRun";
import { Help } from "../features/help/Help";
import { Brought } from "../features/library/Brought";
import { NewProject } from "../features/library/NewProject";
import { PagesExport } from "../features/library/PagesExport";
import { ProjectPage } from "../features/library/ProjectPage";
import { Sidebar } from "../features/library/Sidebar";
import { TrashPage } from "../features/library/TrashPage";
import { Offer } from "../features/models/Offer";
import { FindAcross } from "../features/pages/FindAcross";
import { Group } from "../features/pages/Group";
import { Page } from "../features/pages/Page";
import type { PageDoing } from "../features/pages/usePage";
import { Palette } from "../features/search/Palette";
import { Search } from "../features/search/Search";
import { Settings } from "../features/settings/Settings";
import { Choosing } from "../features/sheet/Choosing";
import { SendSheet } from "../features/sheet/SendSheet";
import type { Side } from "../session/beside";
import { SessionContext, useChosen, useSession } from "../session/context";
import { conversationOf, groupsFrom, projectOf } from "../session/places";
import { Session } from "../session/session";
import type { Place } from "../session/state";
import { Divider } from "./Divider";
import { Foot } from "./Foot";
import { Keys } from "./Keys";
import { SideOf, Sides } from "./Sides";
import { sections } from "./sections";
import { Unread } from "./Unread";
import { useDrops } from "./useDrops";
import { useFocusKept, writing } from "./useFocusKept";
import { type Doing, keysFor, useKeys } from "./useKeys";
import { useLook } from "./useLook";
import { useMedia } from "./useMedia";
import { useNoForeignMenu } from "./useNoForeignMenu";
import "./app.css";

export function App({ backend }: { backend: Backend }) {
  const session = useMemo(() => new Session(backend), [backend]);
  useEffect(() => session.start(), [session]);
  useEffect(() => {
    const flush = () => void session.putAway();
    window.addEventListener("pagehide", flush);
    window.addEventListener("blur", flush);
    return () => {
      flush();
      window.removeEventListener("pagehide", flush);
      window.removeEventListener("blur", flush);
    };
  }, [session]);
  return (
    <SessionContext value={session}>
      <Rooms backend={backend} />
    </SessionContext>
  );
}

/** The first run has the window to itself. */
function Rooms({ backend }: { backend: Backend }) {
  const tour = useChosen((state) => state.tour);
  useLook(useChosen((state) => state.settings));
  useDrops();
  useFocusKept();
  useNoForeignMenu();
  if (tour === null) return <div aria-busy="true" />;
  return (
    <>
      <Unread />
      {tour.open ? <FirstRun step={tour.step} /> : <Window backend={backend} />}
    </>
  );
}

const PART = "This part of the window";

/** Settings begin with one of their sections. */
type Floating =
  | "palette"
  | "search"
  | "find"
  | "keys"
  | "newProject"
  | "export"
  | { across: string | null }
  | { settings: string }
  | { help: string | null }
  | null;
/** A page and a conversation side by side need as much; below it one of them is on show. */
const ROOM_FOR_TWO = 1100;
/** Below this width three panes leave too little for the text: the right one is not opened uninvited. */
const ROOM_FOR_THREE = 1320;

function Window({ backend }: { backend: Backend }) {
  const session = useSession();
  const place = useChosen((state) => state.place);
  const locked = useChosen((state) => state.cloud.locked);
  const all = useChosen((state) => state.library);
  const remembered = useChosen((state) => state.remembered);
  const [floating, setFloating] = useState<Floating>(null);
  /** The panes that lie over the page where it is narrow. They are never remembered. */
  const [over, setOver] = useState<"context" | "library" | null>(null);
  const roomy = useMedia(`(min-width: ${ROOM_FOR_THREE}px)`);
  const wide = useMedia(`(min-width: ${ROOM_FOR_TWO}px)`);
  const small = useMedia("(max-width: 640px)");
  const conversation = conversationOf(place);
  const paired = place.show === "page" && conversation !== null;
  const { front } = remembered;
  /** Of two side by side, what keys and commands are for. */
  const at: Exclude<Place, { show: "group" }> =
    paired && front === "conversation"
      ? { show: "conversation", id: conversation }
      : place.show === "group"
        ? { show: "page", id: place.at }
        : place;
  const narrow = useMedia("(max-width: 1040px)") || paired;
  const page = useRef<PageDoing | null>(null);
  const sheetRight = narrow && over === "context" && conversation !== null;
  const sheetLeft = small && over === "library";
  const contextOpen = narrow ? sheetRight : (remembered.contextPane ?? roomy);
  const library = small ? sheetLeft : remembered.library;
  // Having gone somewhere, or made the window wider, the user wants to see the page.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it runs when these change
  useEffect(() => setOver(null), [place, narrow, small]);

  const setContextOpen = (open: boolean) => {
    if (narrow) setOver(open ? "context" : null);
    else session.memory.keep({ contextPane: open });
  };
  const setLibrary = (open: boolean) => {
    if (small) setOver(open ? "library" : null);
    else session.memory.keep({ library: open });
  };
  const showInstructions = () => {
    setContextOpen(true);
    requestAnimationFrame(() => document.getElementById(INSTRUCTIONS_FIELD)?.focus());
  };
  // What went wrong on the page is not the settings' to say.
  const openSettings = (section: string) => {
    session.dismissTrouble();
    setFloating({ settings: section });
  };
  const goTo = (side: Side) => {
    session.turnTo(side);
    requestAnimationFrame(() => writing()?.focus());
  };
  const leave = (how: () => Promise<void>) => () => void session.putAway().finally(how);
  const doing: Doing = {
    newConversation: () => {
      void session.newConversation();
      writing()?.focus();
    },
    newPage: () => void session.pages.create(place.show === "project" ? place.id : null),
    importPage: () => void session.pages.bring(place.show === "project" ? place.id : null),
    importFolder: () => void session.pages.bring(place.show === "project" ? place.id : null, "folder"),
    rewrite: () => page.current?.rewrite(),
    goOn: () => page.current?.goOn(),
    comment: () => page.current?.comments.add(),
    nextComment: () => page.current?.comments.step(1),
    commentBefore: () => page.current?.comments.step(-1),
    newProject: () => setFloating("newProject"),
    openModel: () => void session.chooseModel(),
    find: () =>
      at.show === "page" ? page.current?.find() : setFloating(at.show === "conversation" ? "find" : "search"),
    search: () => setFloating("search"),
    export: () => {
      if (at.show === "page") page.current?.export();
      else if (at.show === "conversation" || at.show === "project") setFloating("export");
    },
    settings: () => openSettings("Look"),
    palette: () => setFloating("palette"),
    rename: () => at.show !== "nothing" && at.show !== "trash" && session.startRenaming(at.show, at.id, "title"),
    undo: () => undoOrRedo("undo"),
    redo: () => undoOrRedo("redo"),
    zoomIn: () => session.memory.zoom(1),
    zoomOut: () => session.memory.zoom(-1),
    zoomReset: () => session.memory.zoom(0),
    fullScreen: () => void backend.toggleFullScreen(),
    leftPane: () => setLibrary(!library),
    rightPane: () => conversation !== null && setContextOpen(!contextOpen),
    help: () => setFloating({ help: null }),
    keys: () => setFloating("keys"),
    about: () => openSettings("About"),
    close: leave(backend.quit),
    quit: leave(backend.quit),
    otherSide: () => paired && goTo(front === "page" ? "conversation" : "page"),
    stop: () => void (at.show === "page" ? page.current?.stop() : conversation && session.asking.stop(conversation)),
    fold: () => {
      setOver(null);
      return sheetLeft || sheetRight;
    },
  };
  // Files that are dropped on a project or a page become pages, pictures part of the page; a conversation
  // takes its own.
  const bring = async () => {
    if (at.show === "page" && page.current && !(await page.current.dropped())) return;
    await session.pages.bring(into, "dropped");
  };
  const into = place.show === "project" ? place.id : projectOf(place, all);
  const takes = place.show === "project" || place.show === "group" || (place.show === "page" && !paired);
  const bringing = useRef(bring);
  bringing.current = bring;
  useEffect(() => (takes ? session.onFilesDropped(() => void bringing.current()) : undefined), [session, takes]);
  useKeys(doing);
  const latest = useRef(doing);
  latest.current = doing;
  useEffect(() => backend.onMenuChosen((chosen) => latest.current[chosen]()), [backend]);

  const openModels = () => openSettings("Models");
  const actions = [
    { name: "New conversation", keys: keysFor("newConversation"), act: doing.newConversation },
    { name: "New page", keys: keysFor("newPage"), act: doing.newPage },
    { name: "Import…", act: doing.importPage },
    { name: "Import a folder…", act: doing.importFolder },
    ...(place.show === "project"
      ? [{ name: "Export the pages of this project…", keys: keysFor("export"), act: doing.export }]
      : []),
    ...(paired
      ? [
          { name: "To the other side", keys: keysFor("otherSide"), act: doing.otherSide },
          { name: "Close this page", act: () => session.beside.close("page") },
          { name: "Close this conversation", act: () => session.beside.close("conversation") },
        ]
      : place.show === "page"
        ? [{ name: "Open a conversation beside", act: () => void session.beside.someConversation() }]
        : conversation !== null
          ? [{ name: "Open a page beside", act: () => void session.beside.somePage() }]
          : []),
    ...(at.show === "page" || at.show === "project"
      ? [{ name: "Find and replace in all pages…", act: () => setFloating({ across: null }) }]
      : []),
    ...groupsFrom(place, all).map(({ part, name, at }) => ({
      name: `Read as one: “${name}”`,
      act: () => session.pages.readAsOne(into, part, at),
    })),
    ...(place.show === "group" ? [{ name: "Open this page alone", act: () => session.openPage(place.at) }] : []),
    ...(at.show === "page"
      ? [
          { name: "Rewrite the selection…", keys: keysFor("rewrite"), act: () => requestAnimationFrame(doing.rewrite) },
          { name: "Go on writing here", act: doing.goOn },
          { name: "Comment…", keys: "Ctrl Alt M", act: () => requestAnimationFrame(doing.comment) },
          { name: "Next comment", keys: "Alt PgDn", act: () => requestAnimationFrame(doing.nextComment) },
          { name: "Comment before", keys: "Alt PgUp", act: () => requestAnimationFrame(doing.commentBefore) },
          { name: "Insert picture…", act: () => page.current?.picture() },
          {
            name: place.show === "group" ? "Find in these pages" : "Find in this page",
            keys: keysFor("find"),
            act: doing.find,
          },
          { name: "Export this page…", keys: keysFor("export"), act: doing.export },
          { name: "Rename", keys: keysFor("rename"), act: doing.rename },
        ]
      : []),
    { name: "New project", keys: keysFor("newProject"), act: doing.newProject },
    { name: "Search everything", keys: keysFor("search"), act: doing.search },
    ...(at.show === "conversation"
      ? [
          { name: "Find in this conversation", keys: keysFor("find"), act: doing.find },
          { name: "Rename", keys: keysFor("rename"), act: doing.rename },
          { name: "Export this conversation…", keys: keysFor("export"), act: doing.export },
          { name: "Make a page of this conversation", act: () => void session.pages.fromConversation(at.id) },
          { name: "Instructions of this conversation", act: showInstructions },
          { name: "Who answers", act: () => session.cloud.choose({ for: "conversation", id: at.id }) },
          {
            name: contextOpen ? "Close the right pane" : "Open the right pane",
            keys: keysFor("rightPane"),
            act: doing.rightPane,
          },
        ]
      : []),
    { name: library ? "Close the left pane" : "Open the left pane", keys: keysFor("leftPane"), act: doing.leftPane },
    { name: "Open a model…", keys: keysFor("openModel"), act: doing.openModel },
    { name: "Models", act: openModels },
    {
      name: locked ? "Switch the offline lock off" : "Switch the offline lock on",
      act: () => void session.cloud.setLock(!locked),
    },
    { name: "Cloud", act: () => openSettings("Cloud") },
    { name: "Privacy", act: () => openSettings("Privacy") },
    { name: "Backups", act: () => openSettings("Backups") },
    { name: "Larger", keys: keysFor("zoomIn"), act: doing.zoomIn },
    { name: "Smaller", keys: keysFor("zoomOut"), act: doing.zoomOut },
    { name: "Full screen", keys: keysFor("fullScreen"), act: doing.fullScreen },
    { name: "Help", keys: keysFor("help"), act: doing.help },
    { name: "List of keys", keys: keysFor("keys"), act: doing.keys },
    { name: "Set up again", act: () => void session.tour.go("welcome") },
    { name: "Trash", act: session.openTrash },
    { name: "Settings", keys: keysFor("settings"), act: doing.settings },
    { name: "Quit", keys: keysFor("quit"), act: doing.quit },
  ];
  const close = () => setFloating(null);
  const closeSettings = () => {
    close();
    session.dismissTrouble();
  };
  const toLibrary = () => setLibrary(true);
  const openHelp = useCallback((paragraph: string) => setFloating({ help: paragraph }), []);

  return (
    <OpenHelp value={openHelp}>
      <div
        className="window"
        style={{ "--chosen-width": `${remembered.width}px` } as CSSProperties}
        data-context={contextOpen && conversation !== null && !narrow}
        data-over={sheetRight || undefined}
        data-library={library}
      >
        <div className="left" inert={sheetRight}>
          <Boundary what={PART} of={all}>
            <Sidebar
              over={sheetLeft}
              onPalette={doing.palette}
              onSearch={doing.search}
              onSettings={doing.settings}
              onNewProject={doing.newProject}
              foot={<Foot onModels={openModels} onBackups={() => openSettings("Backups")} />}
              edge={!small && library && <Divider />}
            />
          </Boundary>
        </div>
        <main className="centre" inert={sheetLeft || sheetRight} data-sides={paired && wide ? "two" : "one"}>
          {paired && !wide && <Sides front={front} onTurn={goTo} />}
          <Boundary what={PART} of={place}>
            {place.show === "page" && (
              <SideOf side="page" front={front} paired={paired} wide={wide}>
                <Page
                  key={place.id}
                  id={place.id}
                  onLibrary={toLibrary}
                  onClose={paired ? () => session.beside.close("page") : undefined}
                  doing={page}
                />
              </SideOf>
            )}
            {conversation !== null && (
              <SideOf side="conversation" front={front} paired={paired} wide={wide}>
                <Chat
                  above={<Offer />}
                  contextOpen={contextOpen}
                  onContextOpen={setContextOpen}
                  onInstructions={showInstructions}
                  onExport={doing.export}
                  onLibrary={toLibrary}
                  onClose={paired ? () => session.beside.close("conversation") : undefined}
                />
              </SideOf>
            )}
            {place.show === "group" && (
              <Group key={`${place.project} ${place.part}`} place={place} onLibrary={toLibrary} doing={page} />
            )}
            {place.show === "project" && (
              <ProjectPage
                key={place.id}
                id={place.id}
                onLibrary={toLibrary}
                onFind={(part) => setFloating({ across: part })}
              />
            )}
            {place.show === "trash" && <TrashPage onLibrary={toLibrary} />}
            {place.show === "nothing" && <Nothing />}
          </Boundary>
        </main>
        {contextOpen && conversation !== null && (
          <Boundary what={PART} of={conversation}>
            <ContextPane over={sheetRight} onClose={() => setContextOpen(false)} />
          </Boundary>
        )}
        {(sheetLeft || sheetRight) && <div className="scrim" aria-hidden="true" onClick={() => doing.fold()} />}
        <Choosing onCloud={() => openSettings("Cloud")} onModels={openModels} />
        <SendSheet />
        {floating === "palette" && <Palette actions={actions} onClose={close} />}
        {floating === "search" && <Search onClose={close} />}
        {floating === "find" && conversation !== null && <Search within={conversation} onClose={close} />}
        {floating === "export" && conversation !== null && <SaveAs id={conversation} onClose={close} />}
        {floating === "export" && place.show === "project" && (
          <PagesExport project={place.id} part={null} onClose={close} />
        )}
        {typeof floating === "object" && floating && "across" in floating && (
          <FindAcross project={into} part={floating.across} onClose={close} />
        )}
        <Brought />
        {floating === "keys" && <Keys onClose={close} />}
        {floating === "newProject" && <NewProject onClose={close} />}
        {typeof floating === "object" && floating && "help" in floating && (
          <Help key={floating.help} at={floating.help} onClose={close} />
        )}
        {typeof floating === "object" && floating && "settings" in floating ? (
          <Settings
            sections={sections({ onSetUp: () => void session.tour.go("welcome") })}
            first={floating.settings}
            onClose={closeSettings}
          />
        ) : (
          <Notices />
        )}
      </div>
    </OpenHelp>
  );
}

/** Before anything was read, or when it could not be. */
function Nothing() {
  const trouble = useChosen((state) => state.trouble);
  return trouble ? (
    <div className="nothing" role="alert">
      <h1>Sotto could not open your library</h1>
      <p>{trouble}</p>
    </div>
  ) : (
    <div aria-busy="true" />
  );
}
