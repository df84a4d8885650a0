/** The window: three panes, what floats above them, and the keys that work everywhere. */
import { useEffect, useMemo, useRef, useState } from "react";
import type { Backend } from "../backend/client";
import { Boundary } from "../components/Boundary";
import { shortcut } from "../components/keys";
import { Notices } from "../components/Notices";
import { Chat } from "../features/chat/Chat";
import { ProjectPage } from "../features/library/ProjectPage";
import { Sidebar } from "../features/library/Sidebar";
import { TrashPage } from "../features/library/TrashPage";
import { Palette } from "../features/search/Palette";
import { Search } from "../features/search/Search";
import { Choosing } from "../features/sheet/Choosing";
import { SendSheet } from "../features/sheet/SendSheet";
import { FirstRun } from "../features/firstrun/FirstRun";
import { Offer } from "../features/models/Offer";
import { Settings } from "../features/settings/Settings";
import { INSTRUCTIONS_FIELD, ToldPane } from "../features/told/ToldPane";
import { SessionContext, useChosen, useSession } from "../session/context";
import { Session } from "../session/session";
import { Foot } from "./Foot";
import { sections } from "./sections";
import { useDrops } from "./useDrops";
import { useKeys } from "./useKeys";
import { useLook } from "./useLook";
import { useMedia } from "./useMedia";
import "./app.css";

export function App({ backend }: { backend: Backend }) {
  const session = useMemo(() => new Session(backend), [backend]);
  useEffect(() => session.start(), [session]);
  useEffect(() => {
    const flush = () => session.drafts.flush();
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
  if (tour === null) return <div aria-busy="true" />;
  return tour.open ? <FirstRun step={tour.step} /> : <Window backend={backend} />;
}

const PART = "This part of the window";

/** Settings begin with one of their sections. */
type Floating = "palette" | "search" | { settings: string } | null;
/** Below this width the right pane lies over the text, so it is not opened uninvited. */
const ROOM_FOR_THREE = 1180;

function Window({ backend }: { backend: Backend }) {
  const session = useSession();
  const place = useChosen((state) => state.place);
  const locked = useChosen((state) => state.cloud.locked);
  const all = useChosen((state) => state.library);
  const [floating, setFloating] = useState<Floating>(null);
  const [told, setTold] = useState(() => window.innerWidth >= ROOM_FOR_THREE);
  const [library, setLibrary] = useState(false);
  const narrow = useMedia("(max-width: 1040px)");
  const sheetRight = narrow && told && place.show === "conversation";
  const sheetLeft = useMedia("(max-width: 640px)") && library;
  const conversation = place.show === "conversation" ? place.id : null;
  // On a narrow window the library lies over the page: having gone somewhere, she wants to see it.
  useEffect(() => setLibrary(false), [place]);
  // A window made narrower should not find itself covered.
  useEffect(() => {
    if (narrow) setTold(false);
  }, [narrow]);

  const showInstructions = () => {
    setTold(true);
    requestAnimationFrame(() => document.getElementById(INSTRUCTIONS_FIELD)?.focus());
  };
  const doing = {
    newConversation: () => void session.newConversation(),
    openModel: () => void session.chooseModel(),
    search: () => setFloating("search"),
    settings: () => setFloating({ settings: "Look" }),
    palette: () => setFloating("palette"),
    stop: () => void (conversation !== null && session.asking.stop(conversation)),
    fold: () => {
      if (sheetLeft) setLibrary(false);
      else if (sheetRight) setTold(false);
      return sheetLeft || sheetRight;
    },
  };
  useKeys(doing);
  const latest = useRef(doing);
  latest.current = doing;
  useEffect(() => backend.onMenuChosen((chosen) => latest.current[chosen]()), [backend]);

  const openModels = () => setFloating({ settings: "Models" });
  const actions = [
    { name: "New conversation", keys: shortcut("N"), act: doing.newConversation },
    { name: "Search everything", keys: shortcut("F", true), act: doing.search },
    { name: "Open a model…", act: doing.openModel },
    ...(conversation !== null ? [{ name: "Instructions of this conversation", act: showInstructions }] : []),
    { name: told ? "Close the right pane" : "Open the right pane", act: () => setTold(!told) },
    { name: "Models", act: openModels },
    { name: locked ? "Switch the offline lock off" : "Switch the offline lock on", act: () => void session.cloud.setLock(!locked) },
    { name: "Cloud", act: () => setFloating({ settings: "Cloud" }) },
    { name: "Privacy", act: () => setFloating({ settings: "Privacy" }) },
    { name: "Set up again", act: () => void session.tour.go("welcome") },
    { name: "Trash", act: session.openTrash },
    { name: "Settings", keys: shortcut(","), act: doing.settings },
  ];
  const close = () => setFloating(null);
  const closeSettings = () => {
    close();
    session.dismissTrouble();
  };
  const toLibrary = () => setLibrary(true);

  return (
    <div className="window" data-told={told && conversation !== null} data-library={sheetLeft}>
      <div className="left" inert={sheetRight}>
        <Boundary what={PART} of={all}>
          <Sidebar over={sheetLeft} onPalette={doing.palette} onSearch={doing.search} onSettings={doing.settings} onModel={() => (conversation === null ? doing.openModel() : setTold(true))} foot={<Foot onModels={openModels} />} />
        </Boundary>
      </div>
      <main className="centre" inert={sheetLeft || sheetRight}>
        <Boundary what={PART} of={place}>
          {place.show === "conversation" && (
            <Chat above={<Offer />} told={told} onTold={setTold} onInstructions={showInstructions} onLibrary={toLibrary} />
          )}
          {place.show === "project" && <ProjectPage key={place.id} id={place.id} onLibrary={toLibrary} />}
          {place.show === "trash" && <TrashPage onLibrary={toLibrary} />}
          {place.show === "nothing" && <Nothing />}
        </Boundary>
      </main>
      {told && conversation !== null && (
        <Boundary what={PART} of={conversation}>
          <ToldPane over={sheetRight} onClose={() => setTold(false)} onModels={openModels} />
        </Boundary>
      )}
      {(sheetLeft || sheetRight) && <div className="scrim" aria-hidden="true" onClick={() => doing.fold()} />}
      <Choosing onCloud={() => setFloating({ settings: "Cloud" })} />
      <SendSheet />
      {floating === "palette" && <Palette actions={actions} onClose={close} />}
      {floating === "search" && <Search onClose={close} />}
      {typeof floating === "object" && floating ? (
        <Settings sections={sections({ onSetUp: () => void session.tour.go("welcome") })} first={floating.settings} onClose={closeSettings} />
      ) : (
        <Notices />
      )}
    </div>
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
