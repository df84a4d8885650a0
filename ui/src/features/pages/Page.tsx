/** One page: its title, its text, and what a model proposes beside it. */
import { type CSSProperties, useEffect, useRef, useState } from "react";
import type { OpenPage } from "../../backend/client";
import { EditableTitle } from "../../components/EditableTitle";
import { Icon } from "../../components/Icon";
import { LibraryButton } from "../../components/LibraryButton";
import { Trouble } from "../../components/Trouble";
import { useChosen, useSession } from "../../session/context";
import { groupsFrom } from "../../session/places";
import { FindBar } from "./FindBar";
import { inPage } from "./finding";
import { PageCount, PageTools } from "./PageBar";
import { PageFloats, PageProposal } from "./PageFloats";
import { PageOverlays, PageText } from "./PageText";
import { type PageDoing, usePage } from "./usePage";
import "./pages.css";
import "./find.css";

interface Props {
  id: number;
  onLibrary: () => void;
  /** A conversation stands beside it, which stays. */
  onClose?: (() => void) | undefined;
  /** Where the window finds what it may ask. */
  doing: { current: PageDoing | null };
}

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

function Opened({ page, onLibrary, onClose, doing }: { page: OpenPage } & Omit<Props, "id">) {
  const session = useSession();
  const { id, project } = page;
  const body = useRef<HTMLDivElement>(null);
  const [finding, setFinding] = useState(false);
  const renaming = useChosen(
    (state) => state.renaming?.kind === "page" && state.renaming.id === id && state.renaming.where === "title",
  );
  const row = useChosen((state) => state.library?.pages.find((one) => one.id === id));
  const library = useChosen((state) => state.library);
  const shown = useChosen((state) => state.place);
  const of = usePage(page, {
    ...{ body, scroller: body, active: true, onClose, doing, onFind: () => setFinding(true), where: "this page" },
    items: [
      ...groupsFrom(shown, library).map(({ part, name }) => ({
        name: `Read as one: “${name}”`,
        act: () => session.pages.readAsOne(project, part, id),
      })),
      ...(onClose ? [] : [{ name: "Open a conversation beside", act: () => void session.beside.someConversation() }]),
    ],
  });
  return (
    <div
      className="page written"
      data-origins={of.showing || undefined}
      data-focus={of.look.focus || undefined}
      style={{ "--line": of.look.line, "--text-size": `${of.look.letters}px` } as CSSProperties}
    >
      <header className="bar">
        <LibraryButton onClick={onLibrary} />
        <EditableTitle
          title={of.title}
          untitled="New page"
          editing={renaming}
          onEditing={(editing) => (editing ? session.startRenaming("page", id, "title") : session.stopRenaming())}
          onRename={(name) => void session.pages.rename(id, name)}
        />
        <span className="spring" />
        <PageCount all={of.words.all} selected={of.words.selected} goal={row?.goal ?? 0} unsaved={of.unsaved} />
        <PageTools of={of} />
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
      {finding && (
        <FindBar
          of={inPage(of.view, async () => {
            await session.pages.flush();
            await session.pages.takeVersion(id, "working");
          })}
          where="this page"
          onClose={() => setFinding(false)}
        />
      )}
      <div ref={body} className="page-body" {...of.heard}>
        <div className="measure">
          <PageText of={of} />
        </div>
        <PageOverlays of={of} />
      </div>
      <PageProposal of={of} />
      <PageFloats of={of} />
    </div>
  );
}
