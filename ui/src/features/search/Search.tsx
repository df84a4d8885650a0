/** Every word she and the model wrote, wherever it stands. */
import { useEffect, useState } from "react";
import type { SearchHit } from "../../backend/client";
import { Dialog } from "../../components/Dialog";
import { Picker } from "../../components/Picker";
import { when } from "../../components/when";
import { useChosen, useSession } from "../../session/context";

/** Between two keys of somebody who types fast; the search itself takes a few milliseconds. */
const PAUSE_MS = 50;

/** `within`: only in this conversation. */
export function Search({ within = null, onClose }: { within?: number | null; onClose: () => void }) {
  const session = useSession();
  const library = useChosen((state) => state.library);
  const [query, setQuery] = useState("");
  const [found, setFound] = useState<{ query: string; hits: SearchHit[] | null }>({ query: "", hits: [] });
  const wanted = query.trim();

  useEffect(() => {
    if (wanted === "") return setFound({ query: "", hits: [] });
    let stale = false;
    const timer = setTimeout(() => {
      session.search(wanted, within).then(
        (hits) => !stale && setFound({ query: wanted, hits }),
        () => !stale && setFound({ query: wanted, hits: null }),
      );
    }, PAUSE_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [wanted, within, session]);

  const words = wanted.toLowerCase().split(/\s+/);
  const projects = (within !== null || wanted === "" ? [] : library?.projects ?? [])
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
        ? "Titles and messages, yours and the model’s; projects and their notes."
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
        choices={[...projects, ...(found.hits ?? []).map((hit, i) => ({
          key: `${hit.conversation} ${hit.message ?? "title"} ${i}`,
          act: () => {
            onClose();
            void session.openHit(hit);
          },
          content: <Hit hit={hit} />,
        }))]}
      />
    </Dialog>
  );
}

function Hit({ hit }: { hit: SearchHit }) {
  return (
    <>
      <span className="hit-title">
        <span dir="auto">{hit.title || "New conversation"}</span>
        <span className="count">{when(hit.updatedAt)}</span>
      </span>
      {hit.message !== null && (
        <span className="hit-words" dir="auto">
          {hit.snippet.map((piece, i) => (i % 2 === 1 ? <mark key={i}>{piece}</mark> : piece))}
        </span>
      )}
    </>
  );
}
