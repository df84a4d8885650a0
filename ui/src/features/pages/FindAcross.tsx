/** Finding in all pages of a project, or of one heading in it, and replacing what is found. */
import { useEffect, useMemo, useRef, useState } from "react";
import { Dialog } from "../../components/Dialog";
import { plural } from "../../components/plural";
import { Trouble } from "../../components/Trouble";
import { excerpt, placesIn } from "../../editor/across";
import { LOOSELY } from "../../editor/find";
import { useChosen, useSession } from "../../session/context";
import { type Replaced, readAll, replaceIn, type Sheet, undoIn } from "./across";
import { FindOptions } from "./FindOptions";

interface Props {
  project: number | null;
  /** The heading whose pages are looked through; null: all. */
  part: string | null;
  onClose: () => void;
}

/** Of one page as many are shown; all are counted. */
const SHOWN = 3;
const STAYED = "The text from before is among the versions.";

export function FindAcross({ project, part, onClose }: Props) {
  const session = useSession();
  const library = useChosen((state) => state.library);
  const trouble = useChosen((state) => state.trouble);
  const [sheets, setSheets] = useState<Sheet[] | null>(null);
  const [done, setDone] = useState(0);
  const [query, setQuery] = useState("");
  const [how, setHow] = useState(LOOSELY);
  const [instead, setInstead] = useState("");
  const [working, setWorking] = useState(false);
  const [replaced, setReplaced] = useState<readonly Replaced[] | null>(null);
  const [said, setSaid] = useState("");
  const gone = useRef(false);
  const ids = (library?.pages ?? [])
    .filter((page) => page.project === project && (part === null || page.part === part))
    .map(({ id }) => id);
  const latest = useRef(ids);
  latest.current = ids;
  const readAgain = async () => {
    const all = await readAll(session, latest.current, setDone, () => gone.current);
    if (!gone.current) setSheets(all);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once; what is replaced here is read again by itself
  useEffect(() => {
    gone.current = false;
    void readAgain();
    return () => {
      gone.current = true;
    };
  }, []);
  const { hits, unclear } = useMemo(() => {
    const all = (sheets ?? []).map((sheet) => ({ sheet, ...placesIn(sheet.doc, query, how) }));
    return {
      hits: all.filter((one) => one.places.length > 0),
      unclear: all.find((one) => one.trouble)?.trouble ?? null,
    };
  }, [sheets, query, how]);
  const places = hits.reduce((sum, hit) => sum + hit.places.length, 0);
  const count = `${plural(places, "place")} in ${plural(hits.length, "page")}`;

  const replace = async () => {
    setWorking(true);
    const ids = hits.map(({ sheet }) => sheet.id);
    const { all, failed } = await replaceIn(session, ids, query, how, instead);
    setReplaced(all);
    const places = all.reduce((sum, one) => sum + one.places, 0);
    const rest = failed === 0 ? "" : ` Could not be read or saved, and as before: ${plural(failed, "page")}.`;
    setSaid(`${plural(places, "place")} in ${plural(all.length, "page")} replaced.${rest}`);
    await readAgain();
    setWorking(false);
  };
  const undo = async () => {
    if (!replaced) return;
    setWorking(true);
    const stayed = await undoIn(session, replaced).catch(() => replaced.length);
    setReplaced(null);
    setSaid(
      stayed === 0
        ? "All of it was taken back."
        : `Changed since, and left as it is: ${plural(stayed, "page")}. ${STAYED}`,
    );
    await readAgain();
    setWorking(false);
  };
  return (
    <Dialog title={part === null ? "Find in all pages" : `Find in “${part}”`} onClose={onClose} large>
      <div className="find-across">
        {trouble && <Trouble sentence={trouble} onDismiss={session.dismissTrouble} />}
        <div className="find-line">
          <input
            data-first=""
            type="search"
            aria-label="Find in these pages"
            placeholder="Find"
            dir="auto"
            value={query}
            onChange={(event) => {
              setQuery(event.target.value);
              setSaid("");
            }}
          />
          <FindOptions how={how} onChange={setHow} />
        </div>
        <div className="find-line">
          <input
            type="text"
            aria-label="Put in its place"
            placeholder="Put in its place"
            dir="auto"
            value={instead}
            onChange={(event) => setInstead(event.target.value)}
          />
          <button
            type="button"
            className="quiet"
            disabled={places === 0 || working || unclear !== null}
            onClick={() => void replace()}
          >
            {places === 0 ? "Replace" : `Replace ${count}`}
          </button>
          {replaced && (
            <button type="button" className="quiet" disabled={working} onClick={() => void undo()}>
              Undo all
            </button>
          )}
        </div>
        <p className="hint" role="status">
          {sheets === null
            ? `Reading ${done} of ${plural(ids.length, "page")}…`
            : unclear
              ? unclear === "unreadable"
                ? "This expression cannot be read."
                : "This expression takes too long, so nothing is replaced."
              : said || (query === "" ? `${plural(sheets.length, "page")} to look through.` : count)}
        </p>
        <ul className="found-pages">
          {hits.map(({ sheet, places: found }) => (
            <li key={sheet.id}>
              <button
                type="button"
                className="line"
                onClick={() => {
                  onClose();
                  session.openPage(sheet.id);
                }}
              >
                <span dir="auto">{sheet.title || "New page"}</span>
                <span className="count">{plural(found.length, "place")}</span>
              </button>
              {found.slice(0, SHOWN).map((one) => {
                const [before, it, behind] = excerpt(sheet.doc, one);
                return (
                  <p key={`${one.from} ${one.to}`} className="found-line" dir="auto">
                    {before}
                    <mark>{it}</mark>
                    {behind}
                  </p>
                );
              })}
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
