/** Several pages of a project, read and written as one: each has its own editor, undo and saving. */
import type { Node } from "prosemirror-model";
import {
  type CSSProperties,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from "react";
import { LibraryButton } from "../../components/LibraryButton";
import { plural } from "../../components/plural";
import type { How } from "../../editor/find";
import { read as readDocument } from "../../editor/schema";
import { useChosen, useSession } from "../../session/context";
import { groupsFrom, pagesOf } from "../../session/places";
import type { Place } from "../../session/state";
import { replaceIn, undoIn } from "./across";
import { Editors } from "./editors";
import { FindBar } from "./FindBar";
import { GroupPage, type Said, type Several } from "./GroupPage";
import { GroupFinding } from "./groupFinding";
import { PageCount } from "./PageBar";
import { Sections } from "./sections";
import type { PageDoing } from "./usePage";
import "./pages.css";
import "./find.css";
import "./group.css";

interface Props {
  place: Extract<Place, { show: "group" }>;
  onLibrary: () => void;
  doing: { current: PageDoing | null };
}

/** Between two pages, in pixels: at the top it would be drawn twice. */
const LINE = 1;

/** So much of a view it is to the next one; the caret is as far from its edges, in pixels. */
const TURN = 0.9;
const EDGE = 16;

/** A page without an editor, and when it was last written to by then. */
interface Leaf {
  doc: Node;
  asOf: number;
}

export function Group({ place, onLibrary, doing }: Props) {
  const session = useSession();
  const { project, part, at } = place;
  const library = useChosen((state) => state.library);
  const look = useChosen((state) => state.remembered.writing);
  const rows = useMemo(() => pagesOf(library, project, part), [library, project, part]);
  const name = part ?? library?.projects.find(({ id }) => id === project)?.name ?? "Pages";
  const scroller = useRef<HTMLDivElement>(null);
  const sections = useRef<Sections | null>(null);
  const leaves = useRef(new Map<number, Leaf>());
  const [reads, readMore] = useReducer((count: number) => count + 1, 0);
  const [near, setNear] = useState<ReadonlySet<number>>(new Set());
  const [said, setSaid] = useState<ReadonlyMap<number, Said>>(new Map());
  const [finding, setFinding] = useState(false);
  const [bar, setBar] = useState<HTMLElement | null>(null);
  const [foot, setFoot] = useState<HTMLElement | null>(null);
  const editors = useMemo(() => new Editors((id) => session.pages.reach(id)), [session]);
  // Where the page with the caret went away, the one that has come to its place is next.
  const nth = useRef(0);
  const found = rows.findIndex(({ id }) => id === at);
  if (found >= 0) nth.current = found;
  const active = rows[Math.min(nth.current, rows.length - 1)]?.id ?? 0;

  const latest = useRef(rows);
  latest.current = rows;
  const several = useMemo((): Several => {
    const read = async (id: number) => {
      const asOf = latest.current.find((row) => row.id === id)?.updatedAt ?? 0;
      const page = await session.pages.read(id);
      if (page) leaves.current.set(id, { doc: readDocument(page.document), asOf });
      readMore();
      return page;
    };
    return {
      ...{ editors, scroller, doing, read, where: "these pages" },
      onFind: () => setFinding(true),
      items: (id) => [
        { name: "Open this page alone", act: () => session.openPage(id) },
        ...groupsFrom(session.state.place, session.state.library).map((group) => ({
          name: `Read as one: “${group.name}”`,
          act: () => session.pages.readAsOne(project, group.part, id),
        })),
      ],
      watch: (id, section) => {
        if (!scroller.current) return () => {};
        sections.current ??= new Sections(scroller.current, setNear);
        return sections.current.watch(id, section);
      },
      said: (id, one) =>
        setSaid((old) => {
          const all = new Map(old);
          if (one) all.set(id, one);
          else all.delete(id);
          return all;
        }),
      closed: (id, doc) => {
        leaves.current.set(id, { asOf: 0, ...leaves.current.get(id), doc });
        readMore();
      },
      goOn: (id, by, entry) => {
        const next = latest.current[latest.current.findIndex((row) => row.id === id) + by];
        if (next) editors.enter(next.id, entry);
        return next !== undefined;
      },
      turn: (from, by) => {
        const frame = scroller.current;
        if (!frame) return;
        const line = from.coordsAtPos(from.state.selection.head);
        const view = frame.getBoundingClientRect();
        frame.scrollTop += by * view.height * TURN;
        const top = Math.max(view.top + EDGE, Math.min((line.top + line.bottom) / 2, view.bottom - EDGE));
        const page = document.elementFromPoint(line.left + 1, top)?.closest<HTMLElement>("[data-page]");
        const edge = by > 0 ? "start" : "end";
        if (page) editors.enter(Number(page.dataset["page"]), { edge, left: line.left, top });
      },
    };
  }, [session, editors, doing, project]);
  useEffect(
    () => () => {
      sections.current?.end();
      sections.current = null;
    },
    [],
  );

  // All are read, one after another, from the one with the caret on: the scroll bar is then as long as they are.
  // biome-ignore lint/correctness/useExhaustiveDependencies: where the caret goes changes nothing of it
  useEffect(() => {
    let gone = false;
    const from = rows.findIndex(({ id }) => id === active);
    const nearest = rows.map((row, at) => ({ row, far: Math.abs(at - from) })).sort((one, two) => one.far - two.far);
    void (async () => {
      for (const { row } of nearest) {
        if (gone) return;
        // One that is open follows what is written by itself.
        if (editors.of(row.id) || leaves.current.get(row.id)?.asOf === row.updatedAt) continue;
        await several.read(row.id);
      }
    })();
    return () => {
      gone = true;
    };
  }, [rows, several, editors]);

  // It begins with the page that the user comes from.
  useLayoutEffect(() => {
    const first = scroller.current?.querySelector<HTMLElement>("[data-front=true]");
    if (scroller.current && first && first !== scroller.current.firstElementChild)
      scroller.current.scrollTop = first.offsetTop + LINE;
  }, []);
  // The caret is where the keys are for.
  useEffect(() => {
    const section = scroller.current?.querySelector("[data-front=true]");
    const focused = document.activeElement;
    if (!section || section.contains(focused) || focused?.closest(".find-bar, dialog")) return;
    if (!editors.awaited(active)) editors.enter(active, { edge: "start" });
  }, [active, editors]);

  const replace = useCallback(
    async (ids: readonly number[], query: string, how: How, text: string) => {
      const again = async () => {
        for (const id of ids) if (!editors.of(id)) await several.read(id);
      };
      const { all, failed } = await replaceIn(session, ids, query, how, text);
      await again();
      const places = all.reduce((sum, one) => sum + one.places, 0);
      const rest = failed === 0 ? "" : ` Could not be read or saved, and as before: ${plural(failed, "page")}.`;
      if (all.length > 0)
        session.pages.done(
          `${plural(places, "place")} in ${plural(all.length, "page")} replaced.${rest}`,
          () => void undoIn(session, all).then(again),
        );
      return places;
    },
    [session, editors, several],
  );
  const through = {
    ids: rows.map(({ id }) => id),
    active,
    docOf: (id: number) => leaves.current.get(id)?.doc,
    replace,
  };
  const now = useRef(through);
  now.current = through;
  const search = useMemo(() => new GroupFinding(editors, () => now.current), [editors]);

  const words = rows.reduce((sum, row) => sum + (said.get(row.id)?.all || row.words), 0);
  const unsaved = [...said.values()].some((one) => one.unsaved);
  return (
    <div
      className="page written"
      data-focus={look.focus || undefined}
      style={{ "--line": look.line, "--text-size": `${look.letters}px` } as CSSProperties}
    >
      <header className="bar">
        <LibraryButton onClick={onLibrary} />
        <h1 className="title" dir="auto">
          <span title={name}>{name}</span>
        </h1>
        <span className="spring" />
        <PageCount all={words} selected={said.get(active)?.selected ?? 0} goal={0} unsaved={unsaved} />
        <div ref={setBar} className="group-tools" />
      </header>
      {finding && <FindBar of={search} where="these pages" read={reads} onClose={() => setFinding(false)} />}
      <div ref={scroller} className="page-body group">
        {rows.map((row) => (
          <GroupPage
            key={row.id}
            id={row.id}
            title={row.title}
            words={row.words}
            doc={leaves.current.get(row.id)?.doc}
            near={near.has(row.id)}
            active={row.id === active}
            several={several}
            bar={bar}
            foot={foot}
          />
        ))}
        {rows.length === 0 && <p className="hint measure">There is no page here any more.</p>}
      </div>
      <div ref={setFoot} className="group-foot" />
    </div>
  );
}
