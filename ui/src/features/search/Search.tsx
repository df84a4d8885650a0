/** Every word the user and the model wrote, wherever it stands. */
import { useEffect, useState } from "react";
import type { PageHit, SearchHit } from "../../backend/client";
import { Dialog } from "../../components/Dialog";
import { Picker } from "../../components/Picker";
import { when } from "../../components/when";
import { useChosen, useSession } from "../../session/context";

/** Between two keys of somebody who types fast; the search itself takes a few milliseconds. */
const PAUSE_MS = 50;

interface Found {
  query: string;
  /** Null where the search did not work. */
  hits: SearchHit[] | null;
  pages: PageHit[];
}

/** `within`: only in this conversation. */
export function Search({ within = null, onClose }: { within?: number | null; onClose: () => void }) {
  const session = useSession();
  const library = useChosen((state) => state.library);
  const [query, setQuery] = useState("");
  const [found, setFound] = useState<Found>({ query: "", hits: [], pages: [] });
  const wanted = query.trim();

  useEffect(() => {
    if (wanted === "") return setFound({ query: "", hits: [], pages: [] });
    let stale = false;
    const timer = setTimeout(() => {
      Promise.all([session.search(wanted, within), within === null ? session.pages.search(wanted) : []]).then(
        ([hits, pages]) => !stale && setFound({ query: wanted, hits, pages }),
        () => !stale && setFound({ query: wanted, hits: null, pages: [] }),
      );
    }, PAUSE_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [wanted, within, session]);

  const words = wanted.toLowerCase().split(/\s+/);
  const projects = (within !== null || wanted === "" ? [] : (library?.projects ?? []))
    .filter((project) => words.every((word) => `${project.name} ${project.notes}`.toLowerCase().includes(word)))
    .map((project) => ({
      key: `project ${project.id}`,
      act: () => {
        onClose();
        session.openProject(project.id);
      },
      content: (
        <span className="hit-title">
          <span dir="auto">{project.name}</span>
          <span className="count">Project</span>
        </span>
      ),
    }));
  const name = within === null ? "Search everything" : "Find in this conversation";
  const empty =
    wanted === ""
      ? within === null
        ? "Pages, titles and messages, yours and the model’s; projects and their notes."
        : "Your words and the model’s, in this conversation."
      : found.hits === null
        ? "The search did not work just now. Change a letter to try again."
        : found.query === wanted
          ? "Nothing found with these words."
          : "";
  return (
    <Dialog title={name} onClose={onClose} bare wide>
      <Picker
        label={name}
        placeholder={name}
        query={query}
        onQuery={setQuery}
        empty={empty}
        choices={[
          ...projects,
          ...found.pages.map((hit) => ({
            key: `page ${hit.page}`,
            act: () => {
              onClose();
              session.openPage(hit.page);
            },
            content: (
              <Words title={hit.title || "New page"} said={`Page · ${when(hit.updatedAt)}`} snippet={hit.snippet} />
            ),
          })),
          ...(found.hits ?? []).map((hit, i) => ({
            key: `${hit.conversation} ${hit.message ?? "title"} ${i}`,
            act: () => {
              onClose();
              void session.openHit(hit);
            },
            content: <Hit hit={hit} />,
          })),
        ]}
      />
    </Dialog>
  );
}

function Hit({ hit }: { hit: SearchHit }) {
  return (
    <Words
      title={hit.title || "New conversation"}
      said={when(hit.updatedAt)}
      snippet={hit.message === null ? [] : hit.snippet}
    />
  );
}

function Words({ title, said, snippet }: { title: string; said: string; snippet: readonly string[] }) {
  return (
    <>
      <span className="hit-title">
        <span dir="auto">{title}</span>
        <span className="count">{said}</span>
      </span>
      {snippet.length > 0 && (
        <span className="hit-words" dir="auto">
          {snippet.map((piece, i) => (i % 2 === 1 ? <mark key={i}>{piece}</mark> : piece))}
        </span>
      )}
    </>
  );
}
